/**
 * Sending a batch to a target that keeps order. What has to stay in order is a lane (a partition, a group of
 * a queue): it is sent piece by piece, and what follows a piece that failed for now is not sent at all, so that
 * nothing overtakes it. Lanes are independent: each round sends the first piece of all of them at once.
 */
import { type BatchedDelivery, DeliveryError } from "../destination.ts";

/** Pieces in order; a piece is sent with one request and is empty never. */
export interface Lane<Item> {
  readonly pieces: readonly (readonly Item[])[];
}

/** What became of each item of a piece; "split" where the piece is refused for what may be one item's sake. */
export type Verdict = readonly BatchedDelivery[] | "split";

/** `send` answers for the first piece of each lane, in the order given, and throws never. */
export async function sendInLanes<Item, Given extends Lane<Item>>(
  lanes: readonly Given[],
  send: (lanes: readonly Given[]) => Promise<readonly Verdict[]>,
): Promise<Map<Item, BatchedDelivery>> {
  const outcomes = new Map<Item, BatchedDelivery>();
  for (let open = lanes; open.length > 0; ) {
    const verdicts = await send(open);
    open = open.map((lane, index) => ({ ...lane, pieces: rest(lane, verdicts[index] ?? [], outcomes) }));
    open = open.filter(({ pieces }) => pieces.length > 0);
  }
  return outcomes;
}

/** What is still to be sent of a lane. */
function rest<Item>(
  { pieces: [first = [], ...others] }: Lane<Item>,
  verdict: Verdict,
  outcomes: Map<Item, BatchedDelivery>,
): Lane<Item>["pieces"] {
  if (verdict === "split") return [...halves(first), ...others];
  first.forEach((item, index) => {
    outcomes.set(item, verdict[index] as BatchedDelivery);
  });
  const failed = verdict.find((outcome) => outcome instanceof DeliveryError && outcome.retry !== "never");
  if (failed === undefined) return others;
  for (const item of others.flat()) outcomes.set(item, failed);
  return [];
}

function halves<Item>(piece: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(piece.length / 2);
  return [piece.slice(0, middle), piece.slice(middle)].filter(({ length }) => length > 0);
}
