/** Erasing whole: receipts, the ids a person was known by before, and what earlier erasures left. */
import { sql } from "kysely";
import type { DatabaseTransaction } from "../tables.ts";
import { decompress } from "../zstd.ts";
import type { Migration } from "./migration.ts";

export const erasure: Migration = {
  number: 15,
  name: "erasure",
  statements: [
    "ALTER TABLE connections ADD COLUMN former_user_ids uuid[] NOT NULL DEFAULT '{}'",
    `CREATE TABLE erasures (
      environment_id uuid NOT NULL,
      erasure_id uuid NOT NULL,
      user_id uuid NOT NULL,
      provider text NOT NULL,
      permission text NOT NULL CHECK (permission IN ('given_back', 'ordered', 'kept')),
      deleted jsonb NOT NULL,
      sent_to jsonb NOT NULL,
      erased_at timestamptz NOT NULL DEFAULT now(),
      vacuumed_at timestamptz,
      PRIMARY KEY (environment_id, erasure_id)
    )`,
    `UPDATE notifications SET provider_user_id = NULL, user_id = NULL, body = NULL, details = NULL
      WHERE event = 'REVOKE' AND finished_at IS NOT NULL`,
    `DELETE FROM unknown_leaves u WHERE NOT EXISTS (SELECT FROM raw_payloads p
      WHERE p.environment_id = u.environment_id AND p.raw_payload_id = u.raw_payload_id)`,
    `UPDATE renormalizations SET cursor = '{"phase":"payloads","after":null}' WHERE state = 'done'`,
    `UPDATE renormalizations r SET filter = jsonb_set(filter::jsonb, '{userIds}', coalesce((
        SELECT jsonb_agg(named) FROM jsonb_array_elements_text(r.filter::jsonb->'userIds') AS named
        WHERE EXISTS (SELECT FROM connections c
          WHERE c.environment_id = r.environment_id AND c.user_id::text = lower(named))), '[]'))::json
      WHERE json_typeof(filter->'userIds') = 'array'`,
  ],
  carry: findFormerIds,
};

interface Reauthentication {
  readonly old_user: { readonly user_id: string };
  readonly new_user: { readonly user_id: string };
}

/** The ids that connections had before they were replaced, as far back as there are events about it. */
async function findFormerIds(tx: DatabaseTransaction): Promise<void> {
  const { rows } = await sql<{ environment_id: string; body: Buffer }>`
    SELECT environment_id, body FROM events WHERE type = 'user_reauth' ORDER BY event_id`.execute(tx);
  const former = new Map<string, string[]>();
  for (const { environment_id, body } of rows) {
    const event = JSON.parse((await decompress(body)).toString()) as Reauthentication;
    const [oldId, newId] = [event.old_user.user_id, event.new_user.user_id];
    const ids = [...(former.get(newId) ?? []), ...(former.get(oldId) ?? []), oldId];
    former.set(newId, ids);
    await sql`UPDATE connections SET former_user_ids = ${ids}::uuid[]
      WHERE environment_id = ${environment_id} AND user_id = ${newId}`.execute(tx);
  }
}
