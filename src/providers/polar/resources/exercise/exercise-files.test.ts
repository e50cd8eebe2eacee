import { describe, expect, it } from "vitest";
import { leavesOf } from "../../../ledger-leaves.ts";
import type { Part } from "../../../provider.ts";
import { resources } from "../../resources.ts";
import { fixture, make, partsOf } from "../../testing/bodies.ts";
import { fitFile, fitMessage, fitTime, tcxFile, tcxLap } from "../../testing/files.ts";

const id = "Ab3kQ9zX";
/** A run that starts 2025-05-11T06:59:58 at +180. */
const exercise = partsOf("exercise", id, {
  ...(fixture("exercise-run") as object),
  samples: [],
  duration: "PT1800S",
});

const fields =
  "<TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>2000</DistanceMeters><Calories>90</Calories>" +
  "<AverageHeartRateBpm><Value>140</Value></AverageHeartRateBpm><MaximumHeartRateBpm><Value>150</Value></MaximumHeartRateBpm>" +
  "<Cadence>80</Cadence><TriggerMethod>Manual</TriggerMethod>" +
  "<Extensions><LX><AvgSpeed>3.3</AvgSpeed><AvgWatts>200</AvgWatts></LX></Extensions>";
const tcx = Buffer.from(
  tcxFile(
    tcxLap("2025-05-11T03:59:58Z", fields, ["2025-05-11T03:59:58Z", "2025-05-11T04:09:57Z"]) +
      tcxLap("2025-05-11T04:09:58Z", fields, ["2025-05-11T04:09:58Z", "2025-05-11T04:19:57Z"]),
  ),
);
const fitLap = (start: string, end: string) =>
  [
    fitMessage.lap,
    [2, "uint32", fitTime(start)],
    [253, "uint32", fitTime(end)],
    [7, "uint32", 600_000],
    [8, "uint32", 600_000],
    [9, "uint32", 200_000],
    [11, "uint16", 90],
    [13, "uint16", 3300],
    [15, "uint8", 140],
    [19, "uint16", 200],
    [24, "enum", 0],
    [25, "enum", 1],
  ] as const;
const timer = (at: string, type: number) =>
  [fitMessage.event, [253, "uint32", fitTime(at)], [0, "enum", 0], [1, "enum", type]] as const;
const fit = fitFile([
  fitLap("2025-05-11T03:59:58Z", "2025-05-11T04:09:58Z"),
  fitLap("2025-05-11T04:09:58Z", "2025-05-11T04:19:58Z"),
  timer("2025-05-11T03:59:58Z", 0),
  [fitMessage.session, [22, "uint16", 218], [23, "uint16", 200], [18, "uint8", 86], [20, "uint16", 251]],
]);

const wrong: readonly unknown[] = [
  null,
  "",
  " ",
  "x",
  "NaN",
  "0x64",
  "1e999",
  "2025-13-45T99:99:99Z",
  true,
  -7.5,
  2 ** 60,
  [],
  {},
  [1],
  ["x", null],
  { a: 1 },
  { value: "x" },
  [[["x"]]],
  "\u0000",
  "１２",
];

type Step = string | number;

/** Returns the place of every value of a body, including lists and objects. */
function placesIn(value: unknown, at: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, child]) =>
    placesIn(child, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inside : [at, ...inside];
}

function withValue(body: unknown, [step, ...further]: readonly Step[], value: unknown): unknown {
  if (step === undefined) return value;
  const copy = Array.isArray(body) ? [...body] : { ...(body as object) };
  Reflect.set(copy, step, withValue(Reflect.get(body as object, step), further, value));
  return copy;
}

function resourceOf(format: string) {
  const found = resources.find(({ name }) => name === `exercise-${format}`);
  if (!found) throw new Error(`no resource for ${format}`);
  return found;
}

const lapsOf = (parts: readonly Part[]) => make("activity", [...exercise, ...parts]).lap_data?.laps ?? [];

describe.each([
  ["tcx", tcx, ["training_center_database", "activities", "activity", 0, "lap", 1]],
  ["fit", fit, ["lap", 1]],
] as const)("an odd leaf in a lap of %s", (format, bytes, lap) => {
  const resource = resourceOf(format);
  const body = resource.decode(bytes);
  const whole = lapsOf(resource.parts(id, body));
  const ofLap = placesIn(body).filter(
    (at) => at.length > lap.length && lap.every((step, index) => at[index] === step),
  );

  it("is one of many", () => {
    expect(whole).toHaveLength(2);
    expect(ofLap.length).toBeGreaterThan(10);
  });

  it("costs only that leaf: both laps and their other values are there", () => {
    for (const at of ofLap) {
      for (const value of wrong) {
        const found = lapsOf(resource.parts(id, withValue(body, at, value)));
        const where = `${at.join(".")} = ${JSON.stringify(value)}`;
        expect(found, where).toHaveLength(2);
        const [first, second] = found;
        expect(first, where).toEqual(whole[0]);
        const changed = Object.entries(second ?? {}).filter(
          ([key, now]) => JSON.stringify(now) !== JSON.stringify(Reflect.get(whole[1] ?? {}, key)),
        );
        // A time may also be an end or a beginning, and seconds give an end too.
        expect(changed.length, `${where} changes ${changed.map(([key]) => key)}`).toBeLessThanOrEqual(2);
      }
    }
  });

  it("is reported when it cannot be read", () => {
    const at = [...lap, format === "fit" ? "avg_heart_rate" : "calories"];
    const [part] = resource.parts(id, withValue(body, at, "many"));
    expect(part?.unreadable).toEqual([
      format === "fit"
        ? "lap[].avg_heart_rate"
        : "training_center_database.activities.activity[].lap[].calories",
    ]);
    expect(resource.parts(id, body)[0]?.unreadable).toBeUndefined();
  });
});

describe("an odd leaf anywhere in a file", () => {
  const isIdentity = (at: readonly Step[]) =>
    /^(file_id|training_center_database)(\.\d)?$/.test(at.join("."));

  it.each([
    ["tcx", tcx],
    ["fit", fit],
  ] as const)("never costs the file: %s", (format, bytes) => {
    const resource = resourceOf(format);
    const body = resource.decode(bytes);
    expect(leavesOf(body).length).toBeGreaterThan(10);
    for (const at of placesIn(body)) {
      if (isIdentity(at)) continue;
      for (const value of wrong) {
        const made = make("activity", [...exercise, ...resource.parts(id, withValue(body, at, value))]);
        expect(made.metadata.summary_id, `${at.join(".")} = ${JSON.stringify(value)}`).toBe(id);
      }
    }
  });
});
