/**
 * Due deliveries are taken and loaded by one call, an event alone is written by a function without JSON, and settling
 * touches a destination only where its health changes. Loading and settling go row by row: a statement over a set costs
 * several times a row to begin, since it opens all weeks, and most batches are small. `take_due` and `load_due` stay for
 * a process of the former version beside this one.
 */
import type { Migration } from "./migration.ts";

const planned = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off`;

export const dueTakenLoaded: Migration = {
  number: 48,
  name: "due-taken-loaded",
  statements: [
    // A row for each that it took. The destination is in the first row of each destination; a row of what is not due after
    // all has its ids only.
    `CREATE FUNCTION take_due_deliveries(taker uuid, most integer, taken_ms integer, most_older integer)
      RETURNS TABLE (environment_id uuid, delivery_id uuid, attempts integer, event_id uuid, destination_id uuid,
        type text, user_id uuid, reference_id text, records json, reference text, trace_id text, body bytea,
        body_bytes integer, body_key text, body_head bytea, body_tail bytea, created_at timestamptz, ordinal bigint,
        ordered_by uuid, older bigint[], settings_sealed bytea, destination json)
      LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      DECLARE
        environments uuid[];
        ids uuid[];
        known uuid[] := '{}';
        d record;
      BEGIN
        -- If it is lost, what was taken is taken once more: nothing waits for the disk.
        PERFORM set_config('synchronous_commit', 'off', true);
        WITH next AS MATERIALIZED (
          SELECT environment_id, delivery_id FROM due_deliveries
          WHERE due_at <= now() ORDER BY due_at LIMIT most FOR UPDATE SKIP LOCKED
        ), taken AS (
          UPDATE due_deliveries d SET due_at = now() + taken_ms * interval '1 millisecond', taken_by = taker FROM next
          WHERE d.environment_id = next.environment_id AND d.delivery_id = next.delivery_id
          RETURNING d.environment_id, d.delivery_id
        )
        SELECT array_agg(taken.environment_id), array_agg(taken.delivery_id) INTO environments, ids FROM taken;

        FOR i IN 1 .. coalesce(cardinality(ids), 0) LOOP
          SELECT f.* INTO d FROM deliveries f
          WHERE f.environment_id = environments[i] AND f.delivery_id = ids[i] AND f.state = 'pending' AND NOT f.parked
            AND (f.next_attempt_at IS NULL OR f.next_attempt_at <= now());
          environment_id := environments[i];
          delivery_id := ids[i];
          attempts := d.attempts;
          event_id := d.event_id;
          destination_id := d.destination_id;
          ordinal := d.ordinal;
          ordered_by := d.ordered_by;
          older := '{}';
          IF d.ordered_by IS NOT NULL THEN
            older := ARRAY(SELECT f.ordinal FROM deliveries f
              WHERE f.environment_id = environments[i] AND f.destination_id = d.destination_id
                AND f.ordered_by = d.ordered_by AND f.state = 'pending' AND f.ordinal < d.ordinal LIMIT most_older);
          END IF;
          SELECT e.type, e.user_id, e.reference_id, e.records, e.reference, e.trace_id,
            e.body, e.body_bytes, e.body_key, e.body_head, e.body_tail, e.created_at
          INTO type, user_id, reference_id, records, reference, trace_id,
            body, body_bytes, body_key, body_head, body_tail, created_at
          FROM events e WHERE e.environment_id = environments[i] AND e.event_id = d.event_id;
          settings_sealed := NULL;
          destination := NULL;
          IF d.destination_id IS NOT NULL AND d.destination_id <> ALL (known) THEN
            known := known || d.destination_id;
            SELECT s.settings_sealed, json_build_object(
              'kind', s.kind, 'revision', s.revision, 'active', s.active,
              'format', s.format, 'whenUnsupported', s.when_unsupported, 'payload', s.payload,
              'linkDestinationId', s.link_destination_id, 'linkExpiresSeconds', s.link_expires_seconds,
              'failing', s.failing_since IS NOT NULL, 'birthDate', n.fhir_birth_date)
            INTO settings_sealed, destination
            FROM destinations s JOIN environments n ON n.environment_id = s.environment_id
            WHERE s.environment_id = environments[i] AND s.destination_id = d.destination_id;
          END IF;
          RETURN NEXT;
        END LOOP;
      END $$`,

    // After parking behind what destinations have parked already. Whoever ends their looks meanwhile either did so before
    // this lock, and the next look is set here, or cannot. Whoever deletes a destination has the lock alone: it finds what
    // was parked before, and is found here by who comes after. See parked.ts.
    `CREATE FUNCTION join_parking(environments uuid[], destinations_parked uuid[]) RETURNS void
      LANGUAGE plpgsql AS $$
      DECLARE
        one uuid;
      BEGIN
        FOREACH one IN ARRAY destinations_parked LOOP
          PERFORM pg_advisory_xact_lock_shared(hashtext('systole parking'), hashtext(one::text));
        END LOOP;
        FOREACH one IN ARRAY destinations_parked LOOP
          UPDATE destinations SET wake_at = now() + interval '1 second'
          WHERE environment_id = ANY (environments) AND destination_id = one AND wake_at IS NULL;
          CONTINUE WHEN FOUND;
          PERFORM FROM destinations WHERE environment_id = ANY (environments) AND destination_id = one;
          CONTINUE WHEN FOUND;
          UPDATE deliveries SET state = 'cancelled', finished_at = now()
          WHERE environment_id = ANY (environments) AND destination_id = one AND state = 'pending' AND parked;
        END LOOP;
      END $$`,

    // One event, without JSON around it. Returns the number of its deliveries.
    `CREATE FUNCTION emit_event(environment uuid, event uuid, event_type text, person uuid, person_reference text,
        source text, contents json, request text, trace text, content bytea, content_bytes integer, content_key text,
        content_head bytea, content_tail bytea, emitted_at timestamptz, is_announced boolean)
      RETURNS integer LANGUAGE plpgsql ${planned} AS $$
      DECLARE
        parked_at uuid[];
        planned integer;
      BEGIN
        INSERT INTO events (environment_id, event_id, type, user_id, reference_id, provider, records, reference,
          trace_id, body, body_bytes, created_at, body_key, body_head, body_tail)
        VALUES (environment, event, event_type, person, person_reference, source, contents, request,
          trace, content, content_bytes, emitted_at, content_key, content_head, content_tail);
        WITH written AS (
          INSERT INTO deliveries
            (environment_id, delivery_id, event_id, destination_id, ordered_by, parked, state, created_at)
          SELECT environment, new_id(), event, s.destination_id, CASE WHEN s.ordered THEN person END,
            s.failing_since IS NOT NULL AND s.wake_at IS NOT NULL, 'pending', emitted_at
          FROM destinations s
          WHERE s.environment_id = environment AND s.active
            AND (s.event_types IS NULL OR event_type = ANY (s.event_types))
          ORDER BY s.destination_id
          RETURNING delivery_id, destination_id, parked
        ), due AS (
          INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
          SELECT environment, written.delivery_id, now() FROM written WHERE NOT written.parked
        )
        SELECT count(*), array_agg(destination_id ORDER BY destination_id) FILTER (WHERE parked)
        INTO planned, parked_at FROM written;
        IF parked_at IS NOT NULL THEN
          PERFORM join_parking(ARRAY[environment], parked_at);
        END IF;
        IF planned > 0 AND is_announced THEN
          PERFORM pg_notify('systole_due', '');
        END IF;
        RETURN planned;
      END $$`,

    `CREATE OR REPLACE FUNCTION emit_events(emitted json, bodies bytea, environments uuid[], types text[],
        emitted_at timestamptz, is_announced boolean)
      RETURNS TABLE (event_id uuid, deliveries integer) LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      DECLARE
        parked_at uuid[];
        event_ids uuid[];
      BEGIN
        WITH given AS MATERIALIZED (
          SELECT * FROM ROWS FROM (json_to_recordset(emitted) AS (environment_id uuid, event_id uuid, type text,
            user_id uuid, reference_id text, provider text, records text, reference text, trace_id text,
            body_bytes integer, body_key text, body_at integer, body_size integer, head_at integer, head_size integer,
            tail_at integer, tail_size integer)) WITH ORDINALITY
          AS g(environment_id, event_id, type, user_id, reference_id, provider, records, reference, trace_id,
            body_bytes, body_key, body_at, body_size, head_at, head_size, tail_at, tail_size, place)
        ), kept AS (
          INSERT INTO events (environment_id, event_id, type, user_id, reference_id, provider, records, reference,
            trace_id, body, body_bytes, created_at, body_key, body_head, body_tail)
          SELECT environment_id, event_id, type, user_id, reference_id, provider, records::json, reference, trace_id,
            substring(bodies FROM body_at FOR body_size), body_bytes, emitted_at, body_key,
            substring(bodies FROM head_at FOR head_size), substring(bodies FROM tail_at FOR tail_size)
          FROM given
        ), planned AS (
          INSERT INTO deliveries
            (environment_id, delivery_id, event_id, destination_id, ordered_by, parked, state, created_at)
          SELECT g.environment_id, new_id(), g.event_id, s.destination_id,
            CASE WHEN s.ordered THEN g.user_id END, s.failing_since IS NOT NULL AND s.wake_at IS NOT NULL,
            'pending', emitted_at
          FROM given g
          JOIN destinations s ON s.environment_id = g.environment_id AND s.active
            AND (s.event_types IS NULL OR g.type = ANY (s.event_types))
          ORDER BY g.place, s.destination_id
          RETURNING environment_id, delivery_id, event_id, destination_id, parked
        ), due AS (
          INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
          SELECT planned.environment_id, planned.delivery_id, now() FROM planned WHERE NOT planned.parked
        )
        SELECT array_agg(planned.event_id), array_agg(DISTINCT planned.destination_id) FILTER (WHERE planned.parked)
        INTO event_ids, parked_at FROM planned;
        IF parked_at IS NOT NULL THEN
          PERFORM join_parking(environments, parked_at);
        END IF;
        IF event_ids IS NOT NULL AND is_announced THEN
          PERFORM pg_notify('systole_due', '');
        END IF;
        RETURN QUERY SELECT one, count(*)::integer FROM unnest(event_ids) AS one GROUP BY one;
      END $$`,

    // Destinations before deliveries, and each in the order given, as deletions and erasures lock them. Attempts of erased
    // deliveries must not return with a target's answer: those that change nothing are locked too, in their turn.
    `CREATE OR REPLACE FUNCTION settle_deliveries(settlements json, lowest uuid, highest uuid, tries json, health json)
      RETURNS void LANGUAGE plpgsql ${planned} AS $$
      #variable_conflict use_column
      DECLARE
        new record;
        kept uuid[] := '{}';
      BEGIN
        PERFORM note_health(h.environment_id, h.destination_id, h.healthy)
        FROM json_to_recordset(health) AS h(environment_id uuid, destination_id uuid, healthy boolean)
        JOIN destinations s ON s.environment_id = h.environment_id AND s.destination_id = h.destination_id
        WHERE h.healthy = (s.failing_since IS NOT NULL);

        FOR new IN SELECT * FROM json_to_recordset(settlements) AS given(environment_id uuid, delivery_id uuid,
          state text, added integer, next_ms bigint, parked boolean, status integer, code text)
        LOOP
          UPDATE deliveries d SET
            state = new.state,
            attempts = d.attempts + new.added,
            next_attempt_at = now() + new.next_ms * interval '1 millisecond',
            parked = new.parked,
            last_status = CASE WHEN new.added = 0 THEN d.last_status ELSE new.status END,
            last_code = CASE WHEN new.added = 0 THEN coalesce(new.code, d.last_code) ELSE new.code END,
            finished_at = CASE WHEN new.state = 'pending' THEN NULL ELSE now() END
          WHERE d.environment_id = new.environment_id AND d.delivery_id = new.delivery_id
            AND (d.state = 'pending' OR (new.state = 'delivered' AND d.state <> 'delivered'));
          IF NOT FOUND THEN
            PERFORM FROM deliveries d WHERE d.environment_id = new.environment_id AND d.delivery_id = new.delivery_id
            FOR KEY SHARE;
            IF FOUND THEN
              kept := kept || new.delivery_id;
            END IF;
            CONTINUE;
          END IF;
          kept := kept || new.delivery_id;
          IF new.state = 'pending' AND NOT new.parked THEN
            INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
            VALUES (new.environment_id, new.delivery_id, now() + coalesce(new.next_ms, 0) * interval '1 millisecond')
            ON CONFLICT (environment_id, delivery_id) DO UPDATE SET due_at = excluded.due_at, taken_by = NULL;
          ELSE
            DELETE FROM due_deliveries q
            WHERE q.environment_id = new.environment_id AND q.delivery_id = new.delivery_id;
          END IF;
        END LOOP;

        INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number, started_at,
          duration_ms, outcome, status, code, response, request, left_out)
        SELECT environment_id, attempt_id, delivery_id, event_id, destination_id, number, started_at, duration_ms, outcome,
          status, code, response, request::json, left_out::json
        FROM json_to_recordset(tries) AS made(environment_id uuid, attempt_id uuid, delivery_id uuid,
          event_id uuid, destination_id uuid, number integer, started_at timestamptz, duration_ms integer, outcome text,
          status integer, code text, response text, request text, left_out text)
        WHERE made.delivery_id = ANY (kept);
      END $$`,
  ],
};
