/** Two people's first sync, at a receiver that follows Terra's published rules: it loses nothing. */
import { TerraClient } from "terra-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWebhook, connectPerson, type DemoPerson, newSandboxUser } from "../src/demo/person.ts";
import { daysAgo, exercise, night } from "./support/polar-bodies.ts";
import { type System, startSystem } from "./support/system.ts";
import { type Row, TerraReceiver } from "./support/terra-receiver.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

const receiver = new TerraReceiver();
let system: System;
let people: readonly DemoPerson[];

/** The last week, one workout and one night a day: the same for both, including ids and dates. */
const days = [1, 2, 3, 4, 5, 6, 7];
const week = {
  exercises: days.map((day) => exercise(`shared${day}`, { start_time: `${daysAgo(day)}T08:00:00` })),
  sleep: days.map((day) => night(daysAgo(day), daysAgo(day + 1))),
};

/**
 * Connects a person with a week of data. Nights exist before they connect; of exercises Polar serves those
 * uploaded after that.
 */
async function connectWithWeek(referenceId: string): Promise<DemoPerson> {
  const sandboxUserId = await newSandboxUser(system.server);
  const nights = `/_sandbox/users/${sandboxUserId}/sleep?notify=false`;
  expect((await system.control("PUT", nights, week.sleep)).status).toBe(200);
  const person = await connectPerson(system.server, referenceId, sandboxUserId);
  await system.upload(person, "exercises", week.exercises);
  return person;
}

beforeAll(async () => {
  system = await startSystem();
  receiver.secret = await addWebhook(system.server, await receiver.listen());
  people = [await connectWithWeek("ada"), await connectWithWeek("ben")];
  await waitFor("everything to be sent", async () => {
    const [row] = await system.query<{ records: number; open: number }>(
      `SELECT (SELECT count(*)::int FROM records WHERE type IN ('activity', 'sleep')) AS records,
        (SELECT count(*)::int FROM deliveries WHERE state = 'pending') AS open`,
    );
    return row?.records === 4 * days.length && row.open === 0;
  });
});
afterAll(async () => {
  await receiver.close();
  await system.close();
});

const startsOf = (table: ReadonlyMap<string, Row>, { userId }: DemoPerson): string[] =>
  [...table.values()]
    .filter((row) => row.userId === userId)
    .map(({ startTime }) => startTime)
    .sort();

describe("a receiver by Terra's rules", () => {
  it("has every workout and every night of both people", () => {
    for (const person of people) {
      expect(startsOf(receiver.activities, person)).toHaveLength(days.length);
      expect(startsOf(receiver.nights, person)).toHaveLength(days.length);
    }
    expect([receiver.activities.size, receiver.nights.size]).toEqual([2 * days.length, 2 * days.length]);
    expect(receiver.refused).toEqual([]);
  });

  it("knows both by the developer's own id", () => {
    expect([...receiver.people]).toEqual([
      ["ada", people[0]?.userId],
      ["ben", people[1]?.userId],
    ]);
  });

  it("reads over REST, with Terra's client, the same records under the same ids", async () => {
    const { url, devId, apiKey } = system.server;
    const client = new TerraClient({ baseUrl: `${url}/v2/`, devId, apiKey });
    for (const [type, table] of [
      ["activity", receiver.activities],
      ["sleep", receiver.nights],
    ] as const) {
      for (const { userId } of people) {
        const range = { start_date: daysAgo(9), to_webhook: false };
        const answer = (await client[type].fetch({ user_id: userId, ...range })) as Json;
        expect(answer.data).toHaveLength(days.length);
        for (const { metadata } of answer.data) {
          expect(table.get(metadata.summary_id)).toEqual({ userId, startTime: metadata.start_time });
        }
      }
    }
  });
});
