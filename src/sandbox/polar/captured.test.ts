import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elements, memberValue } from "../kit/raw-json.ts";
import { ABSENT, captured, capturedBytes, OpenApi, referenceIsHere } from "./testing/reference.ts";
import { type Linked, startWorld, type World } from "./testing/world.ts";

/** Puts bodies of real devices and reads them back: not one character may change. */

const here = (folder: string) => (referenceIsHere ? captured(folder) : []);
const dateIn = (text: string) => /"(?:date|start_time)"\s*:\s*"(\d{4}-\d\d-\d\d)/.exec(text)?.[1] ?? "";

describe.skipIf(!referenceIsHere)(`captured bodies${referenceIsHere ? "" : ` (${ABSENT})`}`, () => {
  let world: World;
  let person: Linked;
  const openApi = referenceIsHere ? new OpenApi() : undefined;
  beforeAll(async () => {
    world = await startWorld();
    person = await world.linked();
  });
  afterAll(() => world.close());

  const put = async (resource: string, text: string) => {
    await world.at(`${dateIn(text)}T23:00:00Z`);
    expect((await world.put(person.id, resource, text)).json().stored).toBeGreaterThan(0);
  };
  const read = async (path: string) => (await world.as(person, path)).text;
  const documented = (schema: string, text: string) =>
    expect(openApi?.named(schema, JSON.parse(text))).toEqual([]);

  test.each(here("exercises"))("$file", async ({ text }) => {
    await put("exercises", text);
    const { id } = JSON.parse(text) as { id: string };
    const query = "?samples=true&zones=true&route=true";
    expect(await read(`/v3/exercises/${id}${query}`)).toBe(text.trim());
    expect(elements(await read(`/v3/exercises${query}`)).at(-1)).toBe(text.trim());
    const bare = JSON.parse(await read(`/v3/exercises/${id}`)) as object;
    const { samples, heart_rate_zones, route, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect(bare).toEqual(rest);
    documented("exerciseHashId", text);
  });

  test.each([
    ["sleep", "nights", "sleep"],
    ["nightly-recharge", "recharges", "nightly-recharge"],
  ])("%s", async (resource, wrapper, schema) => {
    expect(here(resource)).not.toHaveLength(0);
    for (const { text } of here(resource)) {
      await put(resource, text);
      expect(await read(`/v3/users/${resource}/${dateIn(text)}`)).toBe(text.trim());
      const list = memberValue(await read(`/v3/users/${resource}`), wrapper) ?? "[]";
      expect(elements(list).at(-1)).toBe(text.trim());
      documented(schema, text);
    }
  });

  test.each(here("activities"))("$file", async ({ text }) => {
    await put("activities", text);
    const query = "?steps=true&activity_zones=true&inactivity_stamps=true";
    const date = dateIn(text);
    expect(elements(await read(`/v3/users/activities${query}&from=${date}&to=${date}`))).toEqual(
      elements(text),
    );
    expect(await read(`/v3/users/activities/${date}${query}`)).toBe(elements(text)[0]);
    documented("array-of-activity-summary-with-all-samples", text);
  });

  test.each(here("continuous-heart-rate"))("$file", async ({ text }) => {
    const path = "/v3/users/continuous-heart-rate";
    const date = dateIn(text);
    await put("continuous-heart-rate", text);
    const wrapped = memberValue(text, "heart_rates");
    const bodies = wrapped === undefined ? [text.trim()] : elements(wrapped);
    expect(await read(`${path}/${date}`)).toBe(bodies[0]);
    const range = memberValue(await read(`${path}?from=${date}&to=${date}`), "heart_rates") ?? "[]";
    expect(elements(range)).toEqual(bodies);
    for (const body of bodies) documented("continuous-heartrate", body);
  });

  test.each(here("cardio-load"))("$file", async ({ text }) => {
    await put("cardio-load", text);
    expect(elements(await read(`/v3/users/cardio-load/${dateIn(text)}`))).toEqual([text.trim()]);
    expect(elements(await read("/v3/users/cardio-load"))).toContain(text.trim());
    documented("cardio-load", text);
  });

  test("a FIT file", async () => {
    const file = capturedBytes("fit/polar-ignite-run.fit");
    await world.put(person.id, "exercises", { id: "fit", start_time: "2026-03-01T10:00:00" });
    await world.put(person.id, "exercises/fit/fit", file);
    const response = await fetch(`${world.sandbox.url}/v3/exercises/fit/fit`, {
      headers: { Authorization: `Bearer ${person.token}`, Accept: "*/*" },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
  });
});
