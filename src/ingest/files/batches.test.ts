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

  it("are sent when they are long, however few parts they have", () => {
    const batches = new Batches(providerBySlug("apple"), 0);
    const samples = Array.from({ length: 70_000 }, (_, at) => ({
      id: null,
      identity: `${"x".repeat(50)}${at}`,
      startMs: at,
    }));
    const days = ["2026-01-10", "2026-01-09", "2026-01-08"].map((one) => ({
      resource: "samples",
      key: `${one}/HKQuantityTypeIdentifierHeartRate`,
      value: { format: "export", samples },
    }));
    const sent = days.map((one) => batches.add([one]));
    expect(sent.map((batch) => batch?.statements.length ?? null)).toEqual([null, 2, null]);
    expect(batches.rest()?.statements).toHaveLength(1);
  });
});
