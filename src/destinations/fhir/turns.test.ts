import { setImmediate as soon } from "node:timers/promises";
import { expect, it } from "vitest";
import { Turns } from "./turns.ts";

const noHurry = new AbortController().signal;

/** Work that ends when it is told to. */
function works(turns: Turns, count: number, signal = noHurry) {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const runs = ends.map(({ promise }, index) =>
    turns.run(signal, async () => {
      begun.push(index);
      await promise;
    }),
  );
  return { begun, ends, runs };
}

it("so many run at a time, and the others in their order", async () => {
  const { begun, ends, runs } = works(new Turns(2), 4);
  await soon();
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await runs[1];
  await soon();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(runs);
  expect(begun).toEqual([0, 1, 2, 3]);
});

it("a failure gives the turn back", async () => {
  const turns = new Turns(1);
  await expect(turns.run(noHurry, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.run(noHurry, async () => "next")).toBe("next");
});

it("what was aborted while it waited is not begun, and gives its turn back", async () => {
  const turns = new Turns(1);
  const first = works(turns, 1);
  const late = new AbortController();
  const waiting = works(turns, 1, late.signal);
  late.abort();
  const refused = expect(waiting.runs[0]).rejects.toMatchObject({ code: "DELIVERY_TIMEOUT" });
  first.ends[0]?.resolve();
  await refused;
  expect(waiting.begun).toEqual([]);
  expect(await turns.run(noHurry, async () => "next")).toBe("next");
});
