import { randomUUID } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import { waitFor } from "../../test/support/wait.ts";
import type { DeliveryId } from "../store/deliveries.ts";
import { Taking, type TakingDeps } from "./taking.ts";

const begun: DeliveryId[] = [];
const given: DeliveryId[] = [];
const failures: unknown[] = [];
let started: Taking<DeliveryId> | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await started?.stop();
  for (const list of [begun, given, failures]) list.length = 0;
});

const some = (count: number): DeliveryId[] =>
  Array.from({ length: count }, () => ({ environmentId: randomUUID(), deliveryId: randomUUID() }));

/** Starts it on a list that is taken from the front. */
function start(due: DeliveryId[], deps: Partial<TakingDeps<DeliveryId>> = {}): Taking<DeliveryId> {
  started = new Taking({
    take: async (most) => due.splice(0, most),
    begin: async (ids) => {
      begun.push(...ids);
      return { settled: Promise.resolve() };
    },
    giveBack: async (ids) => void given.push(...ids),
    failed: (error) => void failures.push(error),
    ...deps,
  });
  return started;
}

it("takes all that is due, in its order", async () => {
  const due = some(250);
  const all = [...due];
  start(due);
  await waitFor("all of them", () => begun.length === all.length);
  expect(begun).toEqual(all);
});

it("takes what it is told of, and no more after it was stopped", async () => {
  const due: DeliveryId[] = [];
  let looks = 0;
  const taking = start(due, {
    take: async (most) => {
      looks++;
      return due.splice(0, most);
    },
  });
  await waitFor("the first look", () => looks > 0);
  due.push(...some(1));
  taking.tell();
  await waitFor("the news", () => begun.length === 1);
  await taking.stop();
  due.push(...some(1));
  taking.tell();
  expect(due).toHaveLength(1);
});

it("gathers what comes after a find, whether told of it or not, and takes it together", async () => {
  const due = some(1);
  const batches: number[] = [];
  const taking = start(due, {
    begin: async (ids) => {
      batches.push(ids.length);
      return { settled: Promise.resolve() };
    },
  });
  await waitFor("the first", () => batches.length === 1);
  due.push(...some(1));
  taking.tell();
  due.push(...some(2));
  await waitFor("the others", () => batches.length === 2);
  expect(batches).toEqual([1, 3]);
});

it("looks again by itself after it was told, for what came then and nobody told it of", async () => {
  vi.useFakeTimers();
  const due: DeliveryId[] = [];
  const taking = start(due);
  await vi.advanceTimersByTimeAsync(100);
  taking.tell();
  await vi.advanceTimersByTimeAsync(10);
  due.push(...some(1));
  await vi.advanceTimersByTimeAsync(50);
  expect(begun).toHaveLength(1);
});

it("begins a batch before it takes the next", async () => {
  const due = some(200);
  const first = Promise.withResolvers<void>();
  let batches = 0;
  start(due, {
    begin: async () => {
      if (batches++ === 0) await first.promise;
      return { settled: Promise.resolve() };
    },
  });
  await waitFor("the first batch", () => batches === 1);
  await new Promise(setImmediate);
  expect([batches, due.length]).toEqual([1, 100]);
  first.resolve();
  await waitFor("the second", () => batches === 2);
});

it("has no more than four hundred at a time, and goes on when some are settled", async () => {
  const due = some(500);
  const batches: PromiseWithResolvers<void>[] = [];
  const taking = start(due, {
    begin: async () => {
      const batch = Promise.withResolvers<void>();
      batches.push(batch);
      return { settled: batch.promise };
    },
  });
  await waitFor("four batches", () => batches.length === 4);
  taking.tell();
  await new Promise(setImmediate);
  expect(due).toHaveLength(100);
  batches[0]?.resolve();
  await waitFor("the rest", () => due.length === 0);
  await waitFor("its batch", () => batches.length === 5);
  for (const batch of batches) batch.resolve();
});

it("gives back what could not be begun, or not settled, and says why", async () => {
  const due = some(200);
  const all = [...due];
  let batches = 0;
  start(due, {
    begin: async () => {
      if (batches++ === 0) throw new Error("not begun");
      return { settled: Promise.reject(new Error("not settled")) };
    },
  });
  await waitFor("both", () => given.length === 200);
  expect(given).toEqual(all);
  expect(failures.map(String)).toEqual(["Error: not begun", "Error: not settled"]);
});

it("goes on after a look that failed", async () => {
  const due = some(1);
  let looks = 0;
  const taking = start(due, {
    take: async (most) => {
      if (looks++ === 0) throw new Error("no connection");
      return due.splice(0, most);
    },
  });
  await waitFor("the failure", () => failures.length === 1);
  taking.tell();
  await waitFor("the next look", () => begun.length === 1);
});
