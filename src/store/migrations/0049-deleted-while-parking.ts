/**
 * What is parked at a destination that is deleted meanwhile is cancelled, where it waited for ever. Settling locks all its
 * deliveries in their order, where those that change nothing came last and could deadlock with an erasure.
 */
import type { Migration } from "./migration.ts";

const planned = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off`;

export const deletedWhileParking: Migration = {
  number: 49,
  name: "deleted-while-parking",
  statements: [
    // Whoever deletes a destination has this lock alone: it finds what was parked before, and is found here by who comes
    // after.
    `CREATE OR REPLACE FUNCTION join_parking(environments uuid[], destinations_parked uuid[]) RETURNS void
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
