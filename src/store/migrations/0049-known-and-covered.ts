/**
 * What has to be known of the accounts of notifications before they are written is found out by one call. Planned anew,
 * the look for covering tasks costs more than writing the notifications.
 */
import type { Migration } from "./migration.ts";

export const knownAndCovered: Migration = {
  number: 49,
  name: "known-and-covered",
  statements: [
    // A row for each account, in order. Accounts are named once more as their locks, each lock once. `fetches` is null
    // where no task can cover a notification. After the locks, each statement sees what others have committed.
    `CREATE FUNCTION known_and_covered(lock_names text[], environments uuid[], providers text[], provider_users text[],
        fetches text[], lowest uuid)
      RETURNS TABLE (is_known boolean, covered_by uuid)
      LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
      DECLARE
        name text;
      BEGIN
        FOREACH name IN ARRAY lock_names LOOP
          PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        END LOOP;
        FOR i IN 1 .. cardinality(environments) LOOP
          is_known := EXISTS (SELECT FROM connections c WHERE c.environment_id = environments[i]
            AND c.provider = providers[i] AND c.provider_user_id = provider_users[i]);
          covered_by := NULL;
          IF fetches[i] IS NOT NULL THEN
            SELECT t.task_id INTO covered_by FROM fetch_tasks t
            WHERE t.environment_id = environments[i] AND t.provider = providers[i]
              AND t.provider_user_id = provider_users[i] AND t.fetches = known_and_covered.fetches[i]::jsonb
              AND t.task_id >= lowest AND t.kind = 'announced' AND t.state IN ('accepted', 'waiting')
              AND t.begun_at IS NULL
            ORDER BY t.task_id DESC LIMIT 1 FOR UPDATE SKIP LOCKED;
          END IF;
          RETURN NEXT;
        END LOOP;
      END $$`,
  ],
};
