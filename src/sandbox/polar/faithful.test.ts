import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodyText } from "../kit/testing/json-text.ts";
import { type Linked, startWorld, type World } from "./testing/world.ts";

let world: World;
let person: Linked;
beforeAll(async () => {
  world = await startWorld();
  person = await world.linked();
});
afterAll(() => world.close());

test("a body comes back as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(bodyText, bodyText, async (first, second) => {
      const night = `{"extra" : ${first} , "date":"2025-10-01","again":${second}}`;
      expect((await world.put(person.id, "sleep", `[ ${night} ]`)).status).toBe(200);
      expect((await world.as(person, "/v3/users/sleep/2025-10-01")).text).toBe(night);
      expect((await world.as(person, "/v3/users/sleep")).text).toBe(`{"nights":[${night}]}`);
    }),
    { numRuns: 60 },
  );
});

test("leaving samples, zones and route out of an exercise leaves the rest as written", async () => {
  await fc.assert(
    fc.asyncProperty(bodyText, bodyText, async (samples, distance) => {
      const rest = [`"id":"x"`, `"start_time" : "2025-10-01T10:00:00"`, `"distance": ${distance}`];
      const body = `{${[...rest, `"samples":${samples}`, `"heart_rate_zones":[]`, `"route":[1.0]`].join(",")}}`;
      await world.put(person.id, "exercises", body);
      const read = async (query: string) => (await world.as(person, `/v3/exercises/x${query}`)).text;
      expect(await read("?samples=true&zones=true&route=true")).toBe(body);
      expect(await read("")).toBe(`{${rest.join(",")}}`);
      expect(await read("?samples=true&zones=false")).toBe(
        `{${[...rest, `"samples":${samples}`].join(",")}}`,
      );
      expect(await read("?route=true")).toBe(`{${[...rest, `"route":[1.0]`].join(",")}}`);
    }),
    { numRuns: 40 },
  );
});

test("only the kinds of activity samples that were asked for", async () => {
  const day = (samples: string) => `{"start_time":"2025-10-01T00:00","daily_activity":92.80${samples}}`;
  const kinds = {
    steps: '"steps":{"total_steps":1.0}',
    activity_zones: '"activity_zones" : {"samples":[]}',
    inactivity_stamps: '"inactivity_stamps":[]',
  };
  const all = `{"date":"2025-10-01",${Object.values(kinds).join(",")}}`;
  await world.put(person.id, "activities", day(`,"samples":${all}`));
  const read = async (query: string) =>
    (await world.as(person, `/v3/users/activities/2025-10-01${query}`)).text;
  expect(await read("")).toBe(day(""));
  for (const [kind, text] of Object.entries(kinds)) {
    expect(await read(`?${kind}=true`)).toBe(day(`,"samples":{"date":"2025-10-01",${text}}`));
  }
  expect(await read("?steps=true&activity_zones=true&inactivity_stamps=true")).toBe(day(`,"samples":${all}`));
  expect((await world.as(person, "/v3/users/activities/samples/2025-10-01")).text).toBe(all);
  expect((await world.as(person, "/v3/users/activities/samples")).text).toBe(`[${all}]`);
});
