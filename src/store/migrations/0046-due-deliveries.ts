/**
 * What is due has a narrow table of its own in place of jobs, and events are written, looked up and settled by functions:
 * a function's statements are planned once for each connection, where each call of a statement was planned anew over all
 * weeks. Their plans may not depend on statistics, which are outdated whenever it matters, so only look-ups one by one by
 * index are allowed in them.
 *
 * A process of the former release goes on beside it with its own jobs. What it leaves is found by its delivery
 * (due-deliveries.ts).
 */
import type { Migration } from "./migration.ts";

const planned = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off`;

export const dueDeliveries: Migration = {
  number: 46,
  name: "due-deliveries",
  statements: [
    // Rows come and go with each delivery: room for their next version beside them, and vacuumed by their number.
    `CREATE TABLE due_deliveries (
      environment_id uuid NOT NULL,
      delivery_id uuid NOT NULL,
      due_at timestamptz NOT NULL,
      taken_by uuid,
      PRIMARY KEY (environment_id, delivery_id)
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`,
    "CREATE INDEX due_deliveries_at ON due_deliveries (due_at)",
    `INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
      SELECT environment_id, delivery_id, coalesce(next_attempt_at, now() + interval '1 minute')
      FROM deliveries WHERE state = 'pending' AND NOT parked`,

    // A UUIDv7, which PostgreSQL makes by itself only from 18 on.
    `CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid $$`,

    // Bodies come in one piece, with the place of each: binary, where an array of them would be text.
    `CREATE FUNCTION emit_events(emitted json, bodies bytea, environments uuid[], types text[], emitted_at timestamptz,
        is_announced boolean)
      RETURNS TABLE (event_id uuid, deliveries integer) LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      DECLARE
        backlogged uuid[];
        one uuid;
      BEGIN
        INSERT INTO events (environment_id, event_id, type, user_id, reference_id, provider, records, reference,
          trace_id, body, body_bytes, created_at, body_key, body_head, body_tail)
        SELECT environment_id, event_id, type, user_id, reference_id, provider, records::json, reference, trace_id,
          substring(bodies FROM body_at FOR body_size), body_bytes, emitted_at, body_key,
          substring(bodies FROM head_at FOR head_size), substring(bodies FROM tail_at FOR tail_size)
        FROM json_to_recordset(emitted) AS g(environment_id uuid, event_id uuid, type text, user_id uuid,
          reference_id text, provider text, records text, reference text, trace_id text, body_bytes integer,
          body_key text, body_at integer, body_size integer, head_at integer, head_size integer, tail_at integer,
          tail_size integer);

        -- They fail and have parked deliveries: new ones are parked behind those. See parked.ts.
        backlogged := ARRAY(
          SELECT destination_id FROM destinations
          WHERE environment_id = ANY (environments) AND active AND failing_since IS NOT NULL AND wake_at IS NOT NULL
            AND (event_types IS NULL OR event_types && types)
          ORDER BY destination_id);
        FOREACH one IN ARRAY backlogged LOOP
          PERFORM pg_advisory_xact_lock_shared(hashtext('systole parking'), hashtext(one::text));
        END LOOP;
        FOREACH one IN ARRAY backlogged LOOP
          UPDATE destinations SET wake_at = now() + interval '1 second'
          WHERE environment_id = ANY (environments) AND destination_id = one AND wake_at IS NULL;
        END LOOP;

        RETURN QUERY
        WITH planned AS (
          INSERT INTO deliveries
            (environment_id, delivery_id, event_id, destination_id, ordered_by, parked, state, created_at)
          SELECT g.environment_id, new_id(), g.event_id, s.destination_id,
            CASE WHEN s.ordered THEN g.user_id END, s.destination_id = ANY (backlogged), 'pending', emitted_at
          FROM ROWS FROM (json_to_recordset(emitted) AS (environment_id uuid, event_id uuid, type text, user_id uuid))
            WITH ORDINALITY AS g(environment_id, event_id, type, user_id, place)
          JOIN destinations s ON s.environment_id = g.environment_id AND s.active
            AND (s.event_types IS NULL OR g.type = ANY (s.event_types))
          ORDER BY g.place, s.destination_id
          RETURNING environment_id, delivery_id, event_id, parked
        ), due AS (
          INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
          SELECT planned.environment_id, planned.delivery_id, now() FROM planned WHERE NOT planned.parked
        )
        SELECT planned.event_id, count(*)::integer FROM planned GROUP BY planned.event_id;
        IF FOUND AND is_announced THEN
          PERFORM pg_notify('systole_due', '');
        END IF;
      END $$`,

    `CREATE FUNCTION take_due(taker uuid, most integer, taken_ms integer)
      RETURNS TABLE (environment_id uuid, delivery_id uuid) LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      BEGIN
        RETURN QUERY
        WITH next AS MATERIALIZED (
          SELECT environment_id, delivery_id FROM due_deliveries
          WHERE due_at <= now() ORDER BY due_at LIMIT most FOR UPDATE SKIP LOCKED
        )
        UPDATE due_deliveries d SET due_at = now() + taken_ms * interval '1 millisecond', taken_by = taker FROM next
        WHERE d.environment_id = next.environment_id AND d.delivery_id = next.delivery_id
        RETURNING d.environment_id, d.delivery_id;
      END $$`,

    // The number of older pending deliveries of the same person, counted as far as it matters.
    `CREATE FUNCTION older_deliveries(environment uuid, destination uuid, person uuid, before bigint, most integer)
      RETURNS integer LANGUAGE plpgsql STABLE ${planned} AS $$
      BEGIN
        RETURN (SELECT count(*) FROM (
          SELECT FROM deliveries WHERE environment_id = environment AND destination_id = destination
            AND ordered_by = person AND state = 'pending' AND ordinal < before
          LIMIT most) capped);
      END $$`,

    // The bounds let the plan leave out other weeks' partitions; OFFSET 0 keeps it to one look-up for each.
    `CREATE FUNCTION load_due(environments uuid[], ids uuid[], lowest uuid, highest uuid, most_older integer)
      RETURNS TABLE (environment_id uuid, delivery_id uuid, attempts integer, event_id uuid, destination_id uuid,
        type text, user_id uuid, reference_id text, records json, reference text, trace_id text, body bytea,
        body_bytes integer, body_key text, body_head bytea, body_tail bytea, created_at timestamptz, ordinal bigint,
        ordered_by uuid, older integer, settings_sealed bytea, destination json)
      LANGUAGE plpgsql STABLE ${planned} AS $$
      #variable_conflict use_column
      BEGIN
        RETURN QUERY
        SELECT d.environment_id, d.delivery_id, d.attempts, d.event_id, d.destination_id,
          e.type, e.user_id, e.reference_id, e.records, e.reference, e.trace_id,
          e.body, e.body_bytes, e.body_key, e.body_head, e.body_tail, e.created_at, d.ordinal, d.ordered_by,
          CASE WHEN d.ordered_by IS NULL THEN 0
            ELSE older_deliveries(d.environment_id, d.destination_id, d.ordered_by, d.ordinal, most_older) END,
          s.settings_sealed,
          CASE WHEN s.kind IS NOT NULL THEN json_build_object(
            'kind', s.kind, 'revision', s.revision, 'active', s.active,
            'format', s.format, 'whenUnsupported', s.when_unsupported, 'payload', s.payload,
            'linkDestinationId', s.link_destination_id, 'linkExpiresSeconds', s.link_expires_seconds,
            'failing', s.failing_since IS NOT NULL, 'birthDate', n.fhir_birth_date
          ) END
        FROM unnest(environments, ids) AS wanted(environment_id, delivery_id)
        CROSS JOIN LATERAL (
          SELECT * FROM deliveries f WHERE f.environment_id = wanted.environment_id
            AND f.delivery_id = wanted.delivery_id AND f.delivery_id BETWEEN lowest AND highest OFFSET 0
        ) d
        LEFT JOIN LATERAL (
          SELECT * FROM events f WHERE f.environment_id = d.environment_id AND f.event_id = d.event_id OFFSET 0
        ) e ON true
        LEFT JOIN destinations s ON s.environment_id = d.environment_id AND s.destination_id = d.destination_id
        LEFT JOIN environments n ON n.environment_id = d.environment_id
        WHERE d.state = 'pending' AND NOT d.parked AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now());
      END $$`,

    // Writes a row only when its state changes. The parked deliveries of a recovered destination are looked at now.
    `CREATE FUNCTION note_health(environment uuid, destination uuid, is_healthy boolean)
      RETURNS void LANGUAGE plpgsql ${planned} AS $$
      BEGIN
        IF is_healthy THEN
          UPDATE destinations
          SET failing_since = NULL, failure_noticed_at = NULL, paused_until = NULL, paused_after = NULL,
            wake_at = least(wake_at, now())
          WHERE environment_id = environment AND destination_id = destination AND failing_since IS NOT NULL;
        ELSE
          UPDATE destinations SET failing_since = now()
          WHERE environment_id = environment AND destination_id = destination AND failing_since IS NULL;
        END IF;
      END $$`,

    // Destinations before deliveries: deleting a destination locks them in this order. Each in the order given.
    `CREATE FUNCTION settle_deliveries(settlements json, lowest uuid, highest uuid, tries json, health json)
      RETURNS void LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      DECLARE
        seen record;
        changed uuid[];
      BEGIN
        FOR seen IN SELECT * FROM json_to_recordset(health)
          AS h(environment_id uuid, destination_id uuid, healthy boolean)
        LOOP
          PERFORM note_health(seen.environment_id, seen.destination_id, seen.healthy);
        END LOOP;

        WITH written AS (
          UPDATE deliveries d SET
            state = new.state,
            attempts = d.attempts + new.added,
            next_attempt_at = now() + new.next_ms * interval '1 millisecond',
            parked = new.parked,
            last_status = CASE WHEN new.added = 0 THEN d.last_status ELSE new.status END,
            last_code = CASE WHEN new.added = 0 THEN coalesce(new.code, d.last_code) ELSE new.code END,
            finished_at = CASE WHEN new.state = 'pending' THEN NULL ELSE now() END
          FROM json_to_recordset(settlements) AS new(environment_id uuid, delivery_id uuid, state text, added integer,
            next_ms bigint, parked boolean, status integer, code text)
          WHERE d.environment_id = new.environment_id AND d.delivery_id = new.delivery_id
            AND d.delivery_id BETWEEN lowest AND highest
            AND (d.state = 'pending' OR (new.state = 'delivered' AND d.state <> 'delivered'))
          RETURNING d.environment_id, d.delivery_id, d.next_attempt_at, d.state = 'pending' AND NOT d.parked AS is_due
        ), finished AS (
          DELETE FROM due_deliveries q USING written
          WHERE q.environment_id = written.environment_id AND q.delivery_id = written.delivery_id
            AND NOT written.is_due
        ), put_off AS (
          INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
          SELECT written.environment_id, written.delivery_id, coalesce(written.next_attempt_at, now())
          FROM written WHERE written.is_due
          ON CONFLICT (environment_id, delivery_id) DO UPDATE SET due_at = excluded.due_at, taken_by = NULL
        )
        SELECT array_agg(written.delivery_id) INTO changed FROM written;

        -- Attempts of erased deliveries must not return with a target's answer. What was just written is locked; the
        -- others are locked now.
        IF coalesce(cardinality(changed), 0) < json_array_length(settlements) THEN
          changed := coalesce(changed, '{}') || ARRAY(
            SELECT d.delivery_id
            FROM json_to_recordset(tries) AS made(environment_id uuid, delivery_id uuid)
            JOIN deliveries d ON d.environment_id = made.environment_id AND d.delivery_id = made.delivery_id
              AND d.delivery_id BETWEEN lowest AND highest
            WHERE made.delivery_id <> ALL (coalesce(changed, '{}')) FOR KEY SHARE OF d);
        END IF;
        INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number, started_at,
          duration_ms, outcome, status, code, response, request, left_out)
        SELECT environment_id, attempt_id, delivery_id, event_id, destination_id, number, started_at, duration_ms, outcome,
          status, code, response, request::json, left_out::json
        FROM json_to_recordset(tries) AS made(environment_id uuid, attempt_id uuid, delivery_id uuid,
          event_id uuid, destination_id uuid, number integer, started_at timestamptz, duration_ms integer, outcome text,
          status integer, code text, response text, request text, left_out text)
        WHERE made.delivery_id = ANY (changed);
      END $$`,
  ],
};
