import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examples } from "./examples.fixture.ts";
import { dataTypes, hasSummaryId, personalSummaryId, withSummaryId } from "./index.ts";

describe("a record's id", () => {
  it("is the same for ever: receivers keep it", () => {
    // Computed by another implementation of UUIDv5, Python's uuid.uuid5.
    const source = {
      userId: "0b0e3c5e-5d0d-4a3c-8f4e-111111111111",
      type: "sleep",
      naturalKey: "2026-03-01",
    };
    expect(personalSummaryId(source)).toBe("a0bfd801-85e1-5fcf-9631-776fbe87b19a");
  });

  it("differs for another person, type or key", () => {
    const source = fc.record({ userId: fc.string(), type: fc.string(), naturalKey: fc.string() });
    fc.assert(
      fc.property(source, source, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(personalSummaryId(one) === personalSummaryId(other)).toBe(isSame);
        expect(personalSummaryId(one)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it("belongs to activities and nights", () => {
    expect(dataTypes.filter(hasSummaryId)).toEqual(["activity", "sleep"]);
  });

  it("is the only change in a record", () => {
    const night = examples.sleep;
    const renamed = withSummaryId(night, "other");
    expect(renamed).toEqual({ ...night, metadata: { ...night.metadata, summary_id: "other" } });
    expect(Object.keys(renamed)).toEqual(Object.keys(night));
  });
});
