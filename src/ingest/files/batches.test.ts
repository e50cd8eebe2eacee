import { describe, expect, it } from "vitest";
import { providerBySlug } from "../../providers/registry.ts";
import { readStatements } from "../growing/statements.ts";
import { Batches } from "./batches.ts";

const day = "2026-01-10";
const steps = (startMs: number) => ({
  resource: "samples",
  key: `${day}/HKQuantityTypeIdentifierStepCount`,
  value: { format: "export", samples: [{ id: null, identity: String(startMs), startMs }] },
});

describe("the batches of a file", () => {
  it("tell a day that came in pieces once, with all of its pieces in their order", () => {
    const batches = new Batches(providerBySlug("apple"), 3);
    expect(batches.add([steps(5)])).toBeNull();
    expect(batches.add([steps(7), { resource: "export", key: "unread", value: {} }])).toBeNull();
    const batch = batches.rest();
    expect(batch).toMatchObject({
      upTo: 5,
      others: [{ key: "unread" }],
      statements: [{ key: steps(5).key }],
    });
    const told = batch?.statements.flatMap(readStatements).flatMap(({ samples }) => samples);
    expect(told?.map(({ startMs }) => startMs)).toEqual([5, 7]);
    expect(batches.rest()).toBeNull();
  });
});
