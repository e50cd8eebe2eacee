/** A sender over an object store: one object for each record, newest wins. See store.ts and layout.ts. */

import { contentTypeOf, DeliveryError, type Sender } from "../../destination.ts";
import { receiptOf } from "../failure.ts";
import { type Calls, openSender } from "../sender.ts";
import { written } from "../written.ts";
import { checkStore, keepsConditions } from "./check.ts";
import { type Item, itemsOf, sharedKey } from "./layout.ts";
import { putItem } from "./manifest.ts";
import type { Compression, ObjectStore } from "./store.ts";

export interface ObjectSenderOptions {
  readonly prefix?: string | undefined;
  readonly compression: Compression;
  /** A check of the kind's own, in place of the one with a probe object. */
  readonly check?: Sender["check"];
}

/** Number of objects of one event that are written side by side. */
const parallel = 8;

export function objectSender(
  store: ObjectStore,
  { prefix, compression, check = (signal) => checkStore(store, prefix, signal) }: ObjectSenderOptions,
): Sender {
  let conditions: boolean | null = null;
  return openSender({
    async deliver(event, signal) {
      conditions ??= await keepsConditions(store, prefix, signal);
      const writing = { store, compression, conditions, signal };
      const items = itemsOf(event, prefix);
      event.noteSent(written("put objects", items.map(objectName), event.body.length));
      const outcomes = await inParallel(items, (item) => putItem(writing, item));
      return receiptOf({ text: outcomes.map(({ result, key }) => `${result} ${key}`).join("\n") });
    },
    check,
    ...sharing(store, prefix),
    close: () => store.close(),
  });
}

/** The first key that is tried. If another record has it, the answer names the key that was taken. */
const objectName = ({ keys: [first = ""] }: Item): string => first;

/** Shared objects are never compressed: a reader that follows a link expects the plain body. */
function sharing(store: ObjectStore, prefix: string | undefined): Pick<Calls, "share"> {
  const { sign } = store;
  if (sign === undefined) return {};
  return {
    async share(event, expiresInSeconds, signal) {
      const key = sharedKey(event, prefix);
      const object = {
        key,
        body: event.body,
        contentType: contentTypeOf(event),
        encoding: null,
        metadata: {},
      };
      await store.put(object, "always", signal);
      return sign.call(store, key, expiresInSeconds);
    },
  };
}

/**
 * Works on several items side by side. An item that can never be put does not stop the others. After a failure that
 * may pass no further item is begun: the next attempt tries them again.
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
