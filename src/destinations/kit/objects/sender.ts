/** A sender over an object store: one object for each record, newest wins. See store.ts and layout.ts. */

import { DeliveryError, type DeliveryReceipt, type OutgoingEvent, type Sender } from "../../destination.ts";
import { openAttempts } from "../attempts.ts";
import { checkStore, keepsConditions } from "./check.ts";
import { itemsOf, sharedKey } from "./layout.ts";
import { putItem } from "./manifest.ts";
import type { Compression, ObjectStore } from "./store.ts";

export interface ObjectSenderOptions {
  readonly prefix?: string | undefined;
  readonly compression: Compression;
}

/** Objects of one event that are written side by side. */
const parallel = 8;
const keptCharacters = 1_024;

export function objectSender(store: ObjectStore, { prefix, compression }: ObjectSenderOptions): Sender {
  const attempts = openAttempts(() => store.close());
  let conditions: boolean | null = null;

  async function deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> {
    conditions ??= await keepsConditions(store, prefix, signal);
    const writing = { store, compression, conditions, signal };
    const outcomes = await inParallel(itemsOf(event, prefix), (item) => putItem(writing, item));
    const told = outcomes.map(({ result, key }) => `${result} ${key}`).join("\n");
    return { response: told.slice(0, keptCharacters) };
  }
  return {
    deliver: (event, signal) => attempts.run(signal, () => deliver(event, signal)),
    check: (signal) => attempts.run(signal, () => checkStore(store, prefix, signal)),
    ...sharing(store, prefix, attempts.run),
    close: attempts.close,
  };
}

/** Plain whatever the compression: whoever follows a link expects JSON. */
function sharing(
  store: ObjectStore,
  prefix: string | undefined,
  run: ReturnType<typeof openAttempts>["run"],
): Pick<Sender, "share"> {
  const { sign } = store;
  if (sign === undefined) return {};
  return {
    share: (event, expiresInSeconds, signal) =>
      run(signal, async () => {
        const key = sharedKey(event, prefix);
        await store.put({ key, body: event.body, encoding: null, metadata: {} }, "always", signal);
        return sign.call(store, key, expiresInSeconds);
      }),
  };
}

/**
 * What can never be put does not keep the rest from it. After a failure that may pass no more are begun: the
 * next attempt begins with them again.
 * @throws DeliveryError
 */
async function inParallel<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const outcomes: Out[] = [];
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failures.some(mayPass)) return;
      await work(item).then(
        (outcome) => outcomes.push(outcome),
        (failure) => failures.push(failure),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  if (failures.length > 0) throw failures.find(mayPass) ?? failures[0];
  return outcomes;
}

const mayPass = (failure: unknown): boolean =>
  !(failure instanceof DeliveryError && failure.retry === "never");
