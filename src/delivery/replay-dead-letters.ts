/** Replays deliveries that were given up, to their own destinations. */
import { type DeadLetterFilters, type DeadLetterToReplay, listGivenUp } from "../store/dead-letters.ts";
import type { NewDelivery } from "../store/deliveries.ts";
import { listRecipients, type Recipient } from "../store/destinations.ts";
import { newId } from "../store/identifiers.ts";
import { standingsOf } from "../store/replays.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import {
  type ReplayPart,
  type ReplayResult,
  type ReplayRun,
  replayInParts,
  withoutPending,
} from "./replay-parts.ts";

/** Replays the oldest first, whatever types the destination takes now: the caller asks for these very dead letters. */
export function replayDeadLetters(
  store: Store,
  request: DeadLetterFilters & ReplayRun,
): Promise<ReplayResult> {
  const { environmentId } = request;
  return replayInParts(store, request, async (db, page) => {
    const givenUp = await listGivenUp(db, environmentId, request, page);
    const part = await readLetters(
      db,
      environmentId,
      givenUp.filter(({ matches }) => matches),
    );
    return { ...part, read: givenUp.length, last: givenUp.at(-1)?.delivery_id ?? null };
  });
}

/** Replays one delivery, whatever its outcome was; its destination is active. */
export function replayDelivery(
  store: Store,
  run: ReplayRun,
  delivery: DeadLetterToReplay,
): Promise<ReplayResult> {
  return replayInParts(store, { ...run, limit: 1 }, (db) =>
    readLetters(db, run.environmentId, [delivery]),
  ).then((result) => ({ ...result, next: null }));
}

async function readLetters(
  db: DatabaseOrTransaction,
  environmentId: string,
  letters: readonly DeadLetterToReplay[],
): Promise<ReplayPart> {
  const recipients = await listRecipients(db, [environmentId]);
  const byId = new Map(recipients.map((recipient) => [recipient.destinationId, recipient]));
  const wanted = letters.flatMap((letter) => deliveryOf(letter, byId.get(letter.destination_id)) ?? []);
  const standing = await standingsOf(db, environmentId, wanted);
  // A delivery without any standing was erased with its person since it was read.
  const kept = wanted.filter((delivery) => standing(delivery) !== undefined);
  return {
    ...withoutPending(kept, standing),
    matched: letters.length,
    inactive: letters.length - wanted.length,
    read: letters.length,
    last: letters.at(-1)?.delivery_id ?? null,
  };
}

function deliveryOf(letter: DeadLetterToReplay, recipient: Recipient | undefined): NewDelivery | null {
  if (recipient === undefined) return null;
  const { environmentId, destinationId, ordered } = recipient;
  return {
    environmentId,
    destinationId,
    deliveryId: newId(),
    eventId: letter.event_id,
    orderedBy: ordered ? letter.user_id : null,
    parked: true,
  };
}
