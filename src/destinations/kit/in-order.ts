/**
 * Sends a batch to a target that keeps order. Messages that have to stay in order are a group (a partition, a
 * group of a queue). A group is sent piece by piece, and nothing of it is sent after a piece that failed for now,
 * so that nothing overtakes that piece. Groups are independent: each round sends the first piece of every group.
 */
import { type BatchedDelivery, DeliveryError } from "../destination.ts";

/** Pieces in order. A piece is sent with one request and is never empty. */
export interface OrderedGroup<Item> {
  readonly pieces: readonly (readonly Item[])[];
}

/** The outcome of each item of a piece; "split" where the piece is refused and one item may be the cause. */
export type PieceOutcome = readonly BatchedDelivery[] | "split";

/** `send` sends the first piece of each group and returns their outcomes in the same order. It never throws. */
export async function sendInOrder<Item, Group extends OrderedGroup<Item>>(
  groups: readonly Group[],
  send: (groups: readonly Group[]) => Promise<readonly PieceOutcome[]>,
): Promise<Map<Item, BatchedDelivery>> {
  const outcomes = new Map<Item, BatchedDelivery>();
  for (let open = groups; open.length > 0; ) {
    const sent = await send(open);
    open = open.map((group, index) => ({ ...group, pieces: rest(group, sent[index] ?? [], outcomes) }));
    open = open.filter(({ pieces }) => pieces.length > 0);
  }
  return outcomes;
}

/** Keeps the outcomes of the first piece and returns the pieces that are still to be sent. */
function rest<Item>(
  { pieces: [first = [], ...others] }: OrderedGroup<Item>,
  sent: PieceOutcome,
  outcomes: Map<Item, BatchedDelivery>,
): OrderedGroup<Item>["pieces"] {
  if (sent === "split") return [...halves(first), ...others];
  first.forEach((item, index) => {
    outcomes.set(item, sent[index] as BatchedDelivery);
  });
  const failed = sent.find((outcome) => outcome instanceof DeliveryError && outcome.retry !== "never");
  if (failed === undefined) return others;
  for (const item of others.flat()) outcomes.set(item, failed);
  return [];
}

function halves<Item>(piece: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(piece.length / 2);
  return [piece.slice(0, middle), piece.slice(middle)].filter(({ length }) => length > 0);
}
