/**
 * A Supabase project: a database with the roles, the default privileges and the storage schema of every
 * project. The `developer` may do in it what the role `postgres` may on Supabase, and is not a superuser.
 */
import pg from "pg";
import { signKey } from "./keys.ts";

export interface Project {
  readonly ref: string;
  /** The address for the role `developer`: Supabase's direct connection. */
  readonly databaseUrl: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
}

/** The password of `authenticator` and `developer`. */
export const password = "test";

const roles = `
  do $$ begin
    perform pg_advisory_xact_lock(1);
    if not exists (select from pg_roles where rolname = 'authenticator') then
      create role anon nologin;
      create role authenticated nologin;
      create role service_role nologin bypassrls;
      create role authenticator login noinherit password '${password}';
      grant anon, authenticated, service_role to authenticator;
      create role developer login createrole bypassrls password '${password}';
      grant anon, authenticated, service_role, authenticator to developer with admin option;
    end if;
  end $$;`;

/**
 * The default rights of every role in `public`, and the parts of Supabase's storage schema that decide
 * permissions.
 */
const schema = `
  grant usage, create on schema public to developer;
  grant usage on schema public to anon, authenticated, service_role;
  alter default privileges for role developer in schema public
    grant all on tables to anon, authenticated, service_role;
  alter default privileges for role developer in schema public
    grant all on functions to anon, authenticated, service_role;

  create schema auth;
  grant usage on schema auth to developer, anon, authenticated, service_role;
  create function auth.uid() returns uuid language sql stable as $$
    select (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid
  $$;

  create schema storage;
  grant usage on schema storage to developer, anon, authenticated, service_role;
  create table storage.buckets (
    id text primary key,
    name text not null unique check (length(name) <= 100),
    owner uuid,
    public boolean not null default false,
    file_size_limit bigint,
    allowed_mime_types text[],
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create table storage.objects (
    id uuid primary key default gen_random_uuid(),
    bucket_id text references storage.buckets (id),
    name text not null,
    owner uuid,
    version text,
    metadata jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_accessed_at timestamptz not null default now(),
    unique (bucket_id, name)
  );
  alter table storage.buckets enable row level security;
  alter table storage.objects enable row level security;
  grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
  alter table storage.buckets owner to developer;
  alter table storage.objects owner to developer;

  create schema backend;
  create table backend.contents (
    object_id uuid primary key references storage.objects (id) on delete cascade,
    content bytea not null
  );`;

/** Creates a project; `superuser` is the server's address. */
export async function createProject(superuser: string, ref: string): Promise<Project> {
  await run(superuser, roles);
  await run(superuser, `create database ${ref}`);
  await run(addressOf(superuser, { database: ref }), schema);
  return {
    ref,
    databaseUrl: `${addressOf(superuser, { database: ref, user: "developer" })}?sslmode=disable`,
    anonKey: signKey(ref, "anon"),
    serviceRoleKey: signKey(ref, "service_role"),
  };
}

/** Deletes it, even while it is in use. */
export const dropProject = (superuser: string, ref: string): Promise<void> =>
  run(superuser, `drop database if exists ${ref} with (force)`);

export function addressOf(
  superuser: string,
  { database, user }: { database: string; user?: string },
): string {
  const url = new URL(superuser);
  url.pathname = `/${database}`;
  if (user !== undefined) {
    url.username = user;
    url.password = password;
  }
  return url.href;
}

async function run(url: string, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}
