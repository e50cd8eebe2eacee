import { describe, expect, it } from "vitest";
import { exercise as exerciseBody, night as nightBody } from "../../../../test/support/polar-bodies.ts";
import type { Resource } from "../../provider.ts";
import { exercise } from "./exercise/exercise.ts";
import { exerciseIndex } from "./exercise/exercise-index.ts";
import { sleep } from "./sleep.ts";
import { sleepIndex } from "./sleep-index.ts";

const fingerprintOf = (resource: Resource, key: string, body: unknown): string | undefined => {
  const [part] = resource.parts(key, body);
  return part && resource.fingerprint?.(part);
};

const withoutSamples = ({ samples: _, ...rest }: Record<string, unknown>) => rest;

describe("an index", () => {
  it("gives the exercise's own fingerprint, and another one after an edit", () => {
    const body = exerciseBody("abc123");
    const [entry] = exerciseIndex.entries?.([withoutSamples(body)]) ?? [];
    expect(entry).toEqual({
      resource: "exercise",
      key: "abc123",
      fingerprint: fingerprintOf(exercise, "abc123", body),
    });
    const [edited] = exerciseIndex.entries?.([withoutSamples({ ...body, calories: 99 })]) ?? [];
    expect(edited?.fingerprint).not.toBe(entry?.fingerprint);
  });

  it("gives the night's own fingerprint, with or without milliseconds", () => {
    const body = nightBody("2025-05-11", "2025-05-10");
    const available = {
      date: "2025-05-11",
      start_time: "2025-05-10T22:00:00Z",
      end_time: "2025-05-11T07:00:00+01:00",
    };
    const entries = sleepIndex.entries?.({ available: [available] });
    expect(entries).toEqual([
      { resource: "sleep", key: "2025-05-11", fingerprint: fingerprintOf(sleep, "2025-05-11", body) },
    ]);
  });

  it("leaves out and reports a line that cannot be read, and makes no parts", () => {
    const lines = [{ id: "no/id" }, withoutSamples(exerciseBody("good1"))];
    expect(exerciseIndex.entries?.(lines).map(({ key }) => key)).toEqual(["good1"]);
    expect(exerciseIndex.parts("*", lines.slice(1))).toEqual([]);
    expect(() => exerciseIndex.parts("*", lines)).toThrow(
      expect.objectContaining({ code: "PROVIDER_BODY_INVALID", readable: [] }),
    );
  });
});
