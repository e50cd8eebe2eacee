/** The sandbox's phone against Systole: each format pushed over HTTP, and the export that it hands out. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import apple from "../../src/providers/apple/index.ts";
import { type RunningSandboxes, startSandboxes } from "../../src/sandbox/start.ts";
import { type Hub, startHub } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { type ConnectedPerson, connectPerson, sendFile } from "./person.ts";

type Json = ReturnType<typeof JSON.parse>;

let hub: Hub;
let sandboxes: RunningSandboxes;

beforeAll(async () => {
  hub = await startHub(apple, {});
  sandboxes = await startSandboxes({ port: 0, now: new Date("2026-01-28T20:00:00Z") });
});
afterAll(async () => {
  await sandboxes?.close();
  await hub?.close();
});

const call = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${sandboxes.url}/_sandbox/apple${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** Connects a person, and sets the same phone up for each: what it recorded is made of the seed. */
async function withPhone(name: string): Promise<ConnectedPerson> {
  const person = await connectPerson(hub, name);
  const { userId: user_id, token: upload_token, urls: upload_urls } = person;
  const made = await call("POST", "/users", { user_id, upload_token, upload_urls, seed: 1 });
  expect([made.status, await made.json()]).toEqual([201, { user_id }]);
  return person;
}

/** Resolves when everything that was pushed has been read. */
const worked = () =>
  waitFor("the pushed data to be read", async () => {
    const open = await hub.query(`SELECT FROM fetch_tasks WHERE state = 'accepted'
      UNION ALL SELECT FROM uploads WHERE state NOT IN ('done', 'failed')`);
    return open.length === 0;
  });

/** Returns the steps of a whole day, and the seconds asleep of each of its sleeps. */
async function figuresOf(userId: string): Promise<{ steps: number; asleep: number[] }> {
  await worked();
  const read = async (type: string): Promise<Json[]> => {
    const range = "start_date=2026-01-26&end_date=2026-01-27&to_webhook=false";
    return (await hub.call("GET", `/v2/${type}?user_id=${userId}&${range}`)).body.data as Json[];
  };
  const [days, sleeps] = [await read("daily"), await read("sleep")];
  const day = days.find(({ metadata }) => metadata.start_time.startsWith("2026-01-27"));
  return {
    steps: day?.distance_data.steps,
    asleep: sleeps
      .filter(({ metadata }) => metadata.end_time.startsWith("2026-01-27"))
      .map(({ sleep_durations_data: { asleep } }) => asleep.duration_asleep_state_seconds),
  };
}

describe("POST /_sandbox/apple/{id}/push", () => {
  it.each(["healthkit", "health-auto-export", "open-wearables", "export"])(
    "pushes days in the format %s, which become records",
    async (format) => {
      const person = await withPhone(format);
      const pushed = await call("POST", `/${person.userId}/push`, { format, days: 3 });
      expect([pushed.status, await pushed.json()]).toMatchObject([
        200,
        { requests: 1, bytes: expect.any(Number), stored: { nights: expect.any(Number) } },
      ]);
      const { steps, asleep } = await figuresOf(person.userId);
      expect(steps).toBeGreaterThan(1_000);
      expect(Math.max(...asleep)).toBeGreaterThan(3 * 3_600);
    },
  );

  it("makes the same steps and the same night of every format", async () => {
    const people = await hub.query<{ user_id: string }>("SELECT user_id FROM connections");
    const figures = await Promise.all(people.map(({ user_id }) => figuresOf(user_id)));
    expect(figures).toHaveLength(4);
    for (const one of figures) expect(one).toEqual(figures[0]);
  });

  it("is refused for an unknown person, an unknown format, and a phone that is not set up", async () => {
    const { user_id } = (await (await call("POST", "/users", {})).json()) as Json;
    const statuses = [
      await call("POST", "/nobody/push", {}),
      await call("POST", `/${user_id}/push`, { format: "fax" }),
      await call("POST", `/${user_id}/push`, { format: "healthkit", days: 1 }),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([404, 400, 409]);
  });
});

describe("GET /_sandbox/apple/{id}/export.zip", () => {
  it("hands the export out, which a person uploads by hand", async () => {
    const person = await withPhone("by hand");
    const answer = await call("GET", `/${person.userId}/export.zip?days=3`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
    const state = await sendFile(person, Buffer.from(await answer.arrayBuffer()));
    expect(state).toMatchObject({ state: "done", code: null });
    const { steps, asleep } = await figuresOf(person.userId);
    expect([steps, asleep]).toEqual([expect.any(Number), expect.arrayContaining([expect.any(Number)])]);
  });
});
