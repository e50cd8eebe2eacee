/** Proves that an odd leaf of a session costs nothing but itself. */
import { describe, expect, it } from "vitest";
import { Edits, type Steps } from "../../../../kit/edits.ts";
import { fixture, make, partsOf } from "../../../testing/bodies.ts";

const wrongValues: readonly unknown[] = [
  "",
  "abc",
  "NaN",
  true,
  [],
  {},
  [1, "x", null],
  { a: 1 },
  -1,
  1e300,
  null,
];
const identities = new Set(["identifier.id", "startTime"]);

function* leavesIn(value: unknown, at: Steps = []): Generator<Steps> {
  if (typeof value !== "object" || value === null) yield at;
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* leavesIn(item, [...at, index]);
  else for (const [key, item] of Object.entries(value)) yield* leavesIn(item, [...at, key]);
}

const [session] = (fixture("v4-training-session") as { trainingSessions: object[] }).trainingSessions;

function changed(at: Steps, value: unknown): unknown {
  const edits = new Edits();
  edits.put(at, value);
  return { trainingSessions: [edits.appliedTo(session)] };
}

describe("an odd leaf of a session", () => {
  it("never costs the record", () => {
    const whole = make(
      "activity",
      partsOf("v4-training-session", "2026-03-07", { trainingSessions: [session] }),
    );
    let seen = 0;
    for (const at of leavesIn(session)) {
      const isIdentity = identities.has(at.join("."));
      for (const value of isIdentity ? [] : wrongValues) {
        const made = make("activity", partsOf("v4-training-session", "2026-03-07", changed(at, value)));
        // Without a readable offset, times stay local.
        expect(made.metadata.start_time.slice(0, 26), `${at.join(".")} = ${JSON.stringify(value)}`).toBe(
          whole.metadata.start_time.slice(0, 26),
        );
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(500);
  });
});
