/** Bodies that no device sends. Each is either refused as a body or makes a record; nothing else may happen. */
import { describe, expect, it } from "vitest";
import { ProviderError } from "../provider.ts";
import { normalizers } from "./normalizers.ts";
import { resources } from "./resources.ts";

function partsOf(resource: string, key: string, body: string) {
  const found = resources.find(({ name }) => name === resource);
  if (found === undefined) throw new RangeError(resource);
  return found.parts(key, found.decode(Buffer.from(body)));
}

/** Does with a body all that ingest does, without the store. */
function recordsOf(resource: string, key: string, body: string): string {
  const parts = partsOf(resource, key, body);
  const made = normalizers.flatMap((normalizer) =>
    parts.flatMap(normalizer.affects).flatMap(({ type, naturalKey }) => {
      if (type !== normalizer.type) return [];
      const refs = normalizer.partsOf(naturalKey);
      const own = parts.filter((part) =>
        refs.some((ref) => ref.resource === part.resource && ref.key === part.key),
      );
      return [normalizer.normalize(own, naturalKey)];
    }),
  );
  return JSON.stringify(made);
}

const night =
  '"date":"2025-10-01","sleep_start_time":"2025-09-30T23:00:00Z","sleep_end_time":"2025-10-01T07:00:00Z"';
const exercise = (fields: string) =>
  `{"id":"a","start_time":"2025-10-01T10:00:00","duration":"PT9S",${fields}}`;
const day = (samples: object) =>
  JSON.stringify({ start_time: "2025-10-01T00:00", samples: { date: "2025-10-01", ...samples } });
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("a body that is refused", () => {
  it.each<[string, string, string, string]>([
    ["lists in lists", "activity", "2025-10-01", nested(5_000)],
    [
      "a duration beyond all time",
      "exercise",
      "a",
      exercise('"x":1').replace("PT9S", `PT${"9".repeat(20)}S`),
    ],
    ["a duration without end", "exercise", "a", exercise('"x":1').replace("PT9S", `PT${"9".repeat(400)}S`)],
    ["a test beyond all time", "ecg", "*", '[{"test_time":8640000000000000}]'],
    ["a year before the calendar", "sleep", "*", `{${night}}`.replaceAll("2025-10-01", "0000-01-01")],
  ])("with %s is the provider's fault", (_, resource, key, body) => {
    expect(() => partsOf(resource, key, body)).toThrow(ProviderError);
  });

  it("leaves the other items of its list", () => {
    const list = `[${nested(5_000)},${exercise('"x":1').replace('"a"', '"b"')}]`;
    expect(() => partsOf("exercise", "*", list)).toThrow(
      expect.objectContaining({ readable: [expect.objectContaining({ key: "b" })] }),
    );
  });
});

describe("a body that is accepted", () => {
  it.each<[string, string, string, string, string[]]>([
    ["lists in an unknown field", "sleep", "2025-10-01", `{${night},"x":${nested(5_000)}}`, ["x"]],
    [
      "lists in a carried field",
      "sleep",
      "2025-10-01",
      `{${night},"sleep-goal":${nested(200_000)}}`,
      ["sleep_goal"],
    ],
    [
      "a rate beyond all time",
      "exercise",
      "a",
      exercise('"samples":[{"sample_type":0,"recording_rate":1e300,"data":"1,2"}]'),
      ["samples[].recording_rate"],
    ],
    [
      "a sample beyond all time",
      "ecg",
      "*",
      '[{"test_time":1697787256,"samples":[{"recording_time_delta_ms":1e300},{"recording_time_delta_ms":1}]}]',
      ["samples[].recording_time_delta_ms"],
    ],
  ])("with %s lacks only that", (_, resource, key, body, paths) => {
    const [part] = partsOf(resource, key, body);
    expect(part?.unreadable).toEqual(paths);
    expect(recordsOf(resource, key, body)).toContain("metadata");
  });

  it("has no zone with the name of an object's built-in property", () => {
    const zones = ["constructor", "__proto__", "toString"];
    const samples = zones.map((zone) => ({ zone, timestamp: "2025-10-01T00:00" }));
    const [made] = JSON.parse(recordsOf("activity", "2025-10-01", day({ activity_zones: { samples } })));
    const levels = made.active_durations_data.activity_levels_samples;
    expect(levels.map((sample: { activity_level: unknown }) => sample.activity_level)).toEqual([0, 0, 0]);
  });

  it("has no samples before its start, and no interval for each millisecond of a day", () => {
    const backwards = exercise('"samples":[{"sample_type":0,"recording_rate":-5,"data":"100,120"}]');
    expect(recordsOf("exercise", "a", backwards)).toContain('"hr_samples":[]');
    const samples = [
      { steps: 1, timestamp: "2025-10-01T00:00" },
      { steps: 0, timestamp: "2025-10-01T23:59" },
    ];
    const steps = { interval_ms: 1, total_steps: 86_340_000, samples };
    expect(recordsOf("activity", "2025-10-01", day({ steps }))).toContain('"step_samples":[]');
  });

  it.each(["null", "[]", '{"nights":null}', '{"nights":[]}'])("gives nothing when it is %s", (body) => {
    expect(partsOf("sleep", "*", body)).toEqual([]);
  });

  it("keeps a birthday of any year, since nothing is computed from it", () => {
    expect(recordsOf("user", "current", '{"birthdate":"1850-01-01"}')).toContain('"1850-01-01"');
  });
});
