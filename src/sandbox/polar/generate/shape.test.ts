import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elements } from "../../kit/raw-json.ts";
import { GeneratedWorld } from "../testing/generated.ts";
import { ABSENT, captured, referenceIsHere } from "../testing/reference.ts";
import { lines, type Shape, shapeOf } from "../testing/shape.ts";

let made: GeneratedWorld;
beforeAll(async () => {
  made = await GeneratedWorld.start();
});
afterAll(() => made.close());

/** Paths without a captured body: none has a route, and the captured samples of a day are zones only. */
const NOT_CAPTURED = { exercises: /^\$\.route/, activities: /^\$\.samples\.(steps|inactivity_stamps)/ };

describe.skipIf(!referenceIsHere)(`shaped like real bodies${referenceIsHere ? "" : ` (${ABSENT})`}`, () => {
  const real = (folder: string, split: (text: string) => string[] = (text) => [text]) =>
    shapeOf(captured(folder).flatMap(({ text }) => split(text)));
  const generated = async (path: string, wrapper?: string) => {
    const text = await made.text(path);
    return shapeOf(elements(wrapper ? text.slice(text.indexOf("[")) : text));
  };
  const without = (shape: Shape, left: RegExp) => lines(shape).filter((line) => !left.test(line));

  test("exercises", async () => {
    const bodies = await generated("/v3/exercises?samples=true&zones=true&route=true");
    expect(without(bodies, NOT_CAPTURED.exercises)).toEqual(lines(real("exercises")));
  });

  test("activities", async () => {
    const path = "/v3/users/activities?steps=true&activity_zones=true&inactivity_stamps=true";
    const bodies = await generated(path);
    expect(without(bodies, NOT_CAPTURED.activities)).toEqual(lines(real("activities", elements)));
  });

  test("sleep, nightly recharge and cardio load", async () => {
    expect(lines(await generated("/v3/users/sleep", "nights"))).toEqual(lines(real("sleep")));
    expect(lines(await generated("/v3/users/nightly-recharge", "recharges"))).toEqual(
      lines(real("nightly-recharge")),
    );
    expect(lines(await generated("/v3/users/cardio-load"))).toEqual(lines(real("cardio-load")));
  });

  test("continuous heart rate", async () => {
    const path = "/v3/users/continuous-heart-rate?from=2025-09-04&to=2025-10-02";
    const days = captured("continuous-heart-rate").filter(({ file }) => !/range/.test(file));
    expect(lines(await generated(path, "heart_rates"))).toEqual(lines(shapeOf(days.map(({ text }) => text))));
  });
});
