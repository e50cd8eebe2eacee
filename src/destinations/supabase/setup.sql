-- What Systole needs in a Supabase project, to be run once in the SQL editor (or by Systole itself, where it is
-- given `database_url`). It may be run again at any time: what is there stays as it is.
--
-- The tables are Terra's, with columns of our own after them. Row level security is on and there is no policy,
-- so that the anon key and signed-in users see nothing until you write one.

-- Two that run this at once would trip over each other.
select pg_advisory_xact_lock(7301950317);

create table if not exists public.terra_users (
  user_id text primary key,
  reference_id text,
  created_at timestamptz,
  granted_scopes text,
  provider text,
  state text
);
create table if not exists public.terra_data_payloads (
  payload_id text primary key,
  user_id text not null references public.terra_users (user_id) on delete cascade on update cascade,
  data_type text,
  created_at timestamptz,
  start_time timestamptz,
  end_time timestamptz
);
create table if not exists public.terra_misc_payloads (
  payload_id text primary key,
  user_id text references public.terra_users (user_id) on delete cascade on update cascade,
  data_type text,
  payload_type text,
  created_at timestamptz
);

-- When the event came to be that a row is as of (unix milliseconds), and its id.
alter table public.terra_users
  add column if not exists ordering_timestamp bigint,
  add column if not exists event_id text;
-- `record_id` stands for a person's record of a type and natural key: there is one row for each, as of its
-- newest revision. `supersedes` is the payload that this one took the place of.
alter table public.terra_data_payloads
  add column if not exists record_id text,
  add column if not exists natural_key text,
  add column if not exists revision bigint,
  add column if not exists event_id text,
  add column if not exists supersedes text;
alter table public.terra_misc_payloads
  add column if not exists event_id text,
  -- Where somebody refuses to connect there is no user yet.
  alter column user_id drop not null;

create unique index if not exists terra_data_payloads_record_id on public.terra_data_payloads (record_id);
create index if not exists terra_data_payloads_user_id
  on public.terra_data_payloads (user_id, data_type, start_time);
create index if not exists terra_misc_payloads_user_id on public.terra_misc_payloads (user_id);

alter table public.terra_users enable row level security;
alter table public.terra_data_payloads enable row level security;
alter table public.terra_misc_payloads enable row level security;
grant select, insert, update on public.terra_users, public.terra_data_payloads, public.terra_misc_payloads
  to service_role;

-- Takes the rows of a batch of events, whose objects are in the bucket already. Each statement lets the newest
-- win by itself, whoever else writes; rows come in the order of their keys, so that batches with the same rows
-- wait for each other in turn. Answers which records stand as given, and whose objects nothing points to now.
create or replace function public.systole_take(batch jsonb) returns jsonb
language plpgsql security invoker set search_path = '' as $$
declare
  answer jsonb;
begin
  insert into public.terra_users as known (
    user_id, reference_id, created_at, granted_scopes, provider, state, ordering_timestamp, event_id
  )
  select distinct on (given.user_id) given.*
  from jsonb_to_recordset(batch -> 'users') as given (
    user_id text, reference_id text, created_at timestamptz, granted_scopes text, provider text, state text,
    ordering_timestamp bigint, event_id text
  )
  order by given.user_id, given.ordering_timestamp desc, given.event_id desc
  on conflict (user_id) do update set
    reference_id = excluded.reference_id,
    created_at = coalesce(excluded.created_at, known.created_at),
    granted_scopes = coalesce(excluded.granted_scopes, known.granted_scopes),
    provider = coalesce(excluded.provider, known.provider),
    state = coalesce(excluded.state, known.state),
    ordering_timestamp = excluded.ordering_timestamp,
    event_id = excluded.event_id
  where known.ordering_timestamp is null
    or (known.ordering_timestamp, known.event_id) <= (excluded.ordering_timestamp, excluded.event_id);

  with taken as (
    insert into public.terra_data_payloads as known (
      payload_id, user_id, data_type, created_at, start_time, end_time, record_id, natural_key, revision, event_id
    )
    select distinct on (given.record_id) given.*
    from jsonb_to_recordset(batch -> 'records') as given (
      payload_id text, user_id text, data_type text, created_at timestamptz, start_time timestamptz,
      end_time timestamptz, record_id text, natural_key text, revision bigint, event_id text
    )
    order by given.record_id, given.revision desc, given.created_at desc, given.event_id desc
    on conflict (record_id) do update set
      payload_id = excluded.payload_id,
      created_at = excluded.created_at,
      start_time = excluded.start_time,
      end_time = excluded.end_time,
      revision = excluded.revision,
      event_id = excluded.event_id,
      supersedes = case
        when known.payload_id = excluded.payload_id then known.supersedes
        else known.payload_id
      end
    where (known.revision, known.created_at, known.event_id)
      <= (excluded.revision, excluded.created_at, excluded.event_id)
    returning payload_id, data_type, supersedes
  )
  select jsonb_build_object(
    'taken', coalesce(jsonb_agg(payload_id), '[]'),
    'superseded', coalesce(
      jsonb_agg(data_type || '/' || supersedes || '.json') filter (where supersedes is not null), '[]'
    )
  )
  into answer
  from taken;

  insert into public.terra_misc_payloads (payload_id, user_id, data_type, payload_type, created_at, event_id)
  select given.*
  from jsonb_to_recordset(batch -> 'events') as given (
    payload_id text, user_id text, data_type text, payload_type text, created_at timestamptz, event_id text
  )
  order by given.payload_id
  on conflict (payload_id) do nothing;

  return answer;
end
$$;

-- Which permissions on the tables the caller lacks, such as `INSERT on terra_users`: found by doing what takes
-- them with rows of its own, all of which is undone before it answers.
create or replace function public.systole_check() returns jsonb
language plpgsql security invoker set search_path = '' as $$
declare
  probe constant text := 'systole-check-' || gen_random_uuid();
  relation text;
  key_column text;
  found_rows bigint;
  lacking text[] := '{}';
begin
  foreach relation in array array['terra_users', 'terra_data_payloads', 'terra_misc_payloads'] loop
    key_column := case relation when 'terra_users' then 'user_id' else 'payload_id' end;
    begin
      if relation = 'terra_users' then
        insert into public.terra_users (user_id) values (probe);
      else
        execute format('insert into public.%I (payload_id, user_id) values ($1, $1)', relation) using probe;
      end if;
    exception when insufficient_privilege then
      lacking := lacking || format('INSERT on %s', relation);
      exit;
    end;
    begin
      execute format('select count(*) from public.%I where %I = $1', relation, key_column)
        into found_rows using probe;
    exception when insufficient_privilege then
      found_rows := 0;
    end;
    if found_rows = 0 then
      lacking := lacking || format('SELECT on %s', relation);
      continue;
    end if;
    begin
      execute format('update public.%I set event_id = $1 where %I = $1', relation, key_column) using probe;
      get diagnostics found_rows = row_count;
    exception when insufficient_privilege then
      found_rows := 0;
    end;
    if found_rows = 0 then
      lacking := lacking || format('UPDATE on %s', relation);
    end if;
  end loop;
  -- A handler undoes what its block did, and nothing else does that inside a function.
  raise exception 'undo' using errcode = 'SY000';
exception when sqlstate 'SY000' then
  return to_jsonb(lacking);
end
$$;

revoke all on function public.systole_take(jsonb), public.systole_check() from public, anon, authenticated;
grant execute on function public.systole_take(jsonb), public.systole_check() to service_role;

-- The REST API learns of the functions.
notify pgrst, 'reload schema';
