/** Reminds developers of keys that end soon: the person has to make another one, and nobody else can. */
import type { ErrorCode } from "../errors.ts";
import type { Grant } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type Connection, claimEndingKeys } from "../store/connections.ts";
import type { Store } from "../store/store.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { type ConnectionTrouble, emitKeyEndsSoon } from "./connection-events.ts";

/** How long before the end. Long enough to reach somebody, and short enough that they act on it. */
export const remindedDaysBefore = 7;
const dayMs = 86_400_000;

/** Keys of one transaction. */
const mostAtOnce = 100;

/**
 * Returns the end of the key that a grant comes from, as the person said; null where they said none, or one that is over:
 * the provider has just accepted the key, so that the date is wrong.
 */
export function keyEndOf({ renewal }: Grant, now: Date): Date | null {
  const endsAt = renewal?.kind === "key" ? renewal.endsAt : null;
  return endsAt !== null && endsAt > now ? endsAt : null;
}

/** Sends `key_ends_soon` for every key that ends within a week, once for each. Any number of processes may do it. */
export async function remindOfKeyEnds({ db, queue }: Store, now: Date): Promise<void> {
  const before = new Date(now.getTime() + remindedDaysBefore * dayMs);
  for (let found = mostAtOnce; found === mostAtOnce; ) {
    found = await db.transaction().execute(async (tx) => {
      const ending = await claimEndingKeys(tx, { before, now, limit: mostAtOnce });
      for (const { connection, endsAt } of ending)
        await emitKeyEndsSoon(tx, queue, { connection, endsAt }, newTraceId());
      return ending.length;
    });
  }
}

/** Why a connection by a key failed: the end that the person told has passed, or the provider refuses the key. */
export type KeyTrouble = Extract<ConnectionTrouble, "key_ended" | "key_refused">;

/** Returns what is wrong with the key of a connection that was refused; null for a connection without a key. */
export function keyTrouble(
  { provider, key_ends_at: endsAt }: Pick<Connection, "provider" | "key_ends_at">,
  code: ErrorCode,
  now: Date,
): KeyTrouble | null {
  if (code !== "PROVIDER_UNAUTHORIZED" || providerBySlug(provider).connecting.kind !== "key") return null;
  return endsAt !== null && endsAt <= now ? "key_ended" : "key_refused";
}
