/** Garmin's limits, end to end: one call a second for each person, and never more than two side by side. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { type GarminWorld, startGarminWorld } from "./garmin-world.ts";

let world: GarminWorld;
beforeAll(async () => {
  world = await startGarminWorld({ paced: true });
});
afterAll(() => world?.close());

it("the first look brings all six data types and the person, one call a second", async () => {
  const person = await world.person();
  await world.control("POST", `/users/${person}/generate`, { days: 10, seed: 5 });
  const userId = await world.connect(person);
  for (const type of ["daily", "sleep", "activity", "body", "nutrition", "menstruation"])
    await waitFor(`the ${type} records`, async () => {
      const found = await world.records(userId, type, daysAgo(10), daysAgo(-1));
      return found.length > 0;
    });
  await waitFor("the first look", async () => {
    const rows = await world.hub.query(
      "SELECT FROM fetch_tasks WHERE user_id = $1 AND kind = 'connect' AND state <> 'accepted'",
      [userId],
    );
    return rows.length > 0;
  });
  const asked = (await world.asked(person)).filter(({ method }) => method === "GET");
  expect(asked.filter(({ status }) => status === 429)).toEqual([]);
  const times = asked.slice(1).map(({ at }) => Date.parse(at));
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  // The first call was made by the exchange; a late start of one may shorten the gap to the next.
  expect(span / 1_000).toBeGreaterThan(times.length - 3);
});
