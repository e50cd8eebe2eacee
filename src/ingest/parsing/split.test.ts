/** Splits bodies whose oddity lies in their bytes. */
import { describe, expect, it } from "vitest";
import { exercise, night } from "../../../test/support/polar-bodies.ts";
import { providerBySlug } from "../../providers/registry.ts";
import { type SplitBody, splitBody } from "./split.ts";

const polar = providerBySlug("polar");

function split(name: string, key: string, text: string): SplitBody {
  const resource = polar.resources.find((one) => one.name === name);
  if (resource === undefined) throw new RangeError(name);
  return splitBody(resource, { resource: name, key }, Buffer.from(text));
}

/** Returns JSON in which one value is inserted as raw text. */
const written = (body: object, value: string): string =>
  JSON.stringify(body, (_, one) => (one === undefined ? "@" : one)).replace('"@"', () => value);

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("one leaf", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["calories", { calories: undefined }, "NaN"],
    ["device", { device: undefined }, "-Infinity"],
    ["distance", { distance: undefined }, "1e999"],
    ["running_index", { running_index: undefined }, "NaN"],
    ["training_load_pro.cardio_load", { training_load_pro: { cardio_load: undefined } }, "Infinity"],
    ["heart_rate.average", { heart_rate: { average: undefined, maximum: 102 } }, "nan"],
    ["heart_rate.average", { heart_rate: { average: undefined, maximum: 102 } }, deep(100_000)],
    ["running_index", { running_index: undefined }, deep(70)],
    ["samples[].data", { samples: [{ recording_rate: 1, sample_type: 0, data: undefined }] }, deep(13)],
    ["unheard_of", { unheard_of: undefined }, deep(5_000)],
  ])(
    "%s, written as %j with %.20s, is null and reported, and nothing else is lost",
    (path, changes, value) => {
      const found = split("exercise", "e1", written(exercise("e1", changes), value));
      expect([found.failed, found.refused]).toEqual([null, null]);
      const own = found.parts.filter(({ resource }) => resource === "exercise");
      expect(own.map(({ key, unreadable }) => [key, unreadable])).toEqual([["e1", [path]]]);
      expect(own[0]?.value).toMatchObject({ start_time: exercise("e1").start_time, duration: "PT3S" });
      const known = path.split(/\.|\[\]\./).reduce<unknown>((inside, name) => {
        const first = Array.isArray(inside) ? inside[0] : inside;
        return Reflect.get(first as object, name);
      }, own[0]?.value);
      expect(known ?? null).toBeNull();
    },
  );

  it("of a map of a night is null and keeps its place", () => {
    const text = written(
      night("2026-03-02", "2026-03-01", { hypnogram: { "23:00": 3, "23:50": undefined } }),
      "NaN",
    );
    const [part] = split("sleep", "2026-03-02", text).parts;
    expect(part).toMatchObject({
      unreadable: ["hypnogram{}"],
      value: { hypnogram: { "23:00": 3, "23:50": null } },
    });
  });
});

describe("a list", () => {
  const nameless = { ...exercise("gone"), id: undefined };

  it("has all items except those without an identity, and is read to the end", () => {
    const found = split("exercise", "*", JSON.stringify([exercise("e1"), nameless, exercise("e2")]));
    expect(found.failed).toBeNull();
    expect(found.refused).toMatchObject({ code: "PROVIDER_BODY_INVALID", details: { index: 1 } });
    const own = found.parts.filter(({ resource }) => resource === "exercise");
    expect(own.map(({ key }) => key)).toEqual(["e1", "e2"]);
  });

  it("is read to the end even if no item can be read", () => {
    expect(split("exercise", "*", JSON.stringify([nameless]))).toMatchObject({
      failed: null,
      refused: { code: "PROVIDER_BODY_INVALID" },
      parts: [],
    });
  });

  it("that is an index lists its readable entries and reports the others", () => {
    const found = split("exercise-index", "*", JSON.stringify([nameless, exercise("e2")]));
    expect(found.entries?.map(({ key }) => key)).toEqual(["e2"]);
    expect(found).toMatchObject({ failed: null, refused: { code: "PROVIDER_BODY_INVALID" }, parts: [] });
  });
});

it.each(["", "{", "<html>Bad gateway</html>", "{NaN}"])(
  "a body that is not JSON fails as a whole: %j",
  (text) => {
    expect(split("exercise", "e1", text)).toMatchObject({
      failed: { code: "PROVIDER_BODY_INVALID", retry: "later" },
      parts: [],
    });
  },
);
