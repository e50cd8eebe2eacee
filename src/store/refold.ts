/** The reads of a job that folds parts that grow from the beginning: the payloads in the order of arrival. */
import { type RawBuilder, sql } from "kysely";
import type { ResourceRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { RenormalizationCursor, RenormalizationFilter } from "./renormalization-job.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

type After<Phase extends RenormalizationCursor["phase"]> = Extract<
  RenormalizationCursor,
  { phase: Phase }
>["after"];

/** After every place in the order of arrival, and after every resource and key. */
export const lastOrder = "9223372036854775807";
export const lastKey = "\u{10FFFF}";

export interface OrderedPayload extends ResourceRef {
  readonly userId: string;
  readonly rawPayloadId: string;
  readonly fetchOrder: string;
}

const ofPeople = (column: RawBuilder<unknown>, { userIds }: RenormalizationFilter) =>
  userIds === null ? sql`true` : sql`${column} = ANY(${[...userIds]}::uuid[])`;

/** Returns the next payload, person by person; null at the end. */
export async function nextOrdered(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: RenormalizationFilter,
  after: After<"fold">,
): Promise<OrderedPayload | null> {
  const isAfter =
    after === null ? sql`true` : sql`(p.user_id, p.fetch_order) > (${after[0]}::uuid, ${after[1]}::bigint)`;
  const { rows } = await sql<OrderedPayload>`
    SELECT p.user_id AS "userId", p.raw_payload_id AS "rawPayloadId", p.resource, p.resource_key AS key,
      p.fetch_order::text AS "fetchOrder"
    FROM raw_payloads p
    WHERE p.environment_id = ${environmentId} AND p.fetch_order IS NOT NULL
      AND ${ofPeople(sql`p.user_id`, filter)} AND ${isAfter}
    ORDER BY p.user_id, p.fetch_order LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** Whether the person has a payload with a later place. */
export async function hasLater(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  fetchOrder: string,
): Promise<boolean> {
  const row = await db
    .selectFrom("raw_payloads")
    .select("raw_payload_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("fetch_order", ">", fetchOrder)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the owner of the next part that grows; null at the end. */
export async function nextOwnerOfGrown(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: RenormalizationFilter,
  after: After<"grown">,
): Promise<string | null> {
  const isAfter =
    after === null
      ? sql`true`
      : sql`(g.user_id, g.resource, g.part_key) > (${after[0]}::uuid, ${after[1]}, ${after[2]} COLLATE "C")`;
  const { rows } = await sql<{ user_id: string }>`
    SELECT g.user_id FROM grown_parts g
    WHERE g.environment_id = ${environmentId} AND NOT g.is_shadow AND cardinality(g.raw_payload_ids) > 0
      AND ${ofPeople(sql`g.user_id`, filter)} AND ${isAfter}
    ORDER BY g.user_id, g.resource, g.part_key LIMIT 1`.execute(db);
  return rows[0]?.user_id ?? null;
}
