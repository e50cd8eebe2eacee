import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ABSENT, captured, referenceIsHere } from "../../testing/reference.ts";
import { lines, shapeOf } from "../../testing/shape.ts";
import { codeFor, type DynamicWorld, exchanged, startDynamic } from "../testing/world.ts";

/** Generated bodies have the keys and the forms of values that captured ones have. */
describe.skipIf(!referenceIsHere)(`shaped like real bodies${referenceIsHere ? "" : ` (${ABSENT})`}`, () => {
  let dynamic: DynamicWorld;
  beforeAll(async () => {
    dynamic = await startDynamic();
    const body = { days: 20, seed: 7 };
    await dynamic.world.call(`/_sandbox/users/${dynamic.id}/generate`, { method: "POST", body });
  });
  afterAll(() => dynamic.close());

  const real = (name: string): string =>
    captured("v4").find(({ file }) => file.startsWith(`v4/${name}`))?.text ?? "";

  /** Two capturers' marks for what they took out, and whole numbers where the other body has decimals. */
  const comparable = (text: string): string[] =>
    lines(shapeOf([text.replace(/"REMOVED \(float, years\)"/, "40.5")])).map((line) =>
      line.replace("decimal|integer", "number").replace(/: (decimal|integer)$/, ": number"),
    );

  const withFeatures = (path: string, ...features: string[]) =>
    `${path}?from=2025-10-01&to=2025-10-02${features.map((feature) => `&features=${feature}`).join("")}`;

  test("sleep", async () => {
    const path = withFeatures("/sleeps", "sleep-result", "sleep-evaluation", "sleep-score");
    expect(comparable((await dynamic.get(path)).text)).toEqual(comparable(real("sleeps")));
  });

  test("Nightly Recharge", async () => {
    const path = withFeatures("/nightly-recharge-results", "samples");
    expect(comparable((await dynamic.get(path)).text)).toEqual(comparable(real("nightly_recharge")));
  });

  test("PPI", async () => {
    const path = withFeatures("/ppi-samples", "samples");
    expect(comparable((await dynamic.get(path)).text)).toEqual(comparable(real("ppi_samples")));
  });

  test("the token reply", async () => {
    const scope = "tests:read training_sessions:read sleep:read nightly_recharge:read ppi_data:read";
    const reply = (await exchanged(dynamic.world, await codeFor(dynamic.world, dynamic.id, scope))).json();
    expect(reply).toMatchObject(JSON.parse(real("token_response")) as object);
  });
});
