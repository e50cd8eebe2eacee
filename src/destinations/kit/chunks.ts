/** Lists cut into pieces of what a target takes at once. */

export interface ChunkLimits<Item> {
  readonly count?: number;
  readonly bytes?: number;
  sizeOf?(item: Item): number;
}

/** Returns the items in their order, in chunks within both limits. An item that is over a limit has its own. */
export function chunksOf<Item>(items: readonly Item[], limits: ChunkLimits<Item>): Item[][] {
  const { count = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY, sizeOf = () => 0 } = limits;
  const chunks: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = chunks.at(-1);
    if (last !== undefined && last.length < count && size <= left) last.push(item);
    else {
      chunks.push([item]);
      left = bytes;
    }
    left -= size;
  }
  return chunks;
}

/** Sends the items together; where the target refuses all of them and one may be the cause, each by itself. */
export async function sendSplitting<Item, Result>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Result[] | "split">,
): Promise<Result[]> {
  const sent = await send(items);
  if (sent !== "split") return [...sent];
  const results: Result[] = [];
  for (const item of items) results.push(...(await sendSplitting([item], send)));
  return results;
}
