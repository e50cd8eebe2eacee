import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { emit, newEvent } from "../../../test/support/delivery.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { adminToken, startTestApi, type TestApi } from "../testing/api.ts";
import { DashboardBrowser } from "../testing/dashboard-browser.ts";

let api: TestApi;
let environment: TestEnvironment;
beforeAll(async () => {
  api = await startTestApi();
  environment = await createEnvironment(api.store);
});
afterAll(() => api.close());

const bearer = { authorization: `Bearer ${adminToken}` };

/** Reads a stream until it is left. */
async function listen(devId: string, headers: Record<string, string> = bearer) {
  const leaving = new AbortController();
  const url = `${api.url}/admin/v1/events/stream?environment=${devId}`;
  const response = await fetch(url, { headers, signal: leaving.signal });
  const heard = {
    status: response.status,
    type: response.headers.get("content-type"),
    text: "",
    ended: false,
  };
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) heard.text += Buffer.from(chunk).toString("utf8");
    heard.ended = true;
  };
  void read().catch(() => {});
  return { heard, leave: () => leaving.abort() };
}

const eventIds = (text: string): string[] =>
  [...text.matchAll(/^event: event\ndata: (.+)$/gm)].map(([, data = ""]) => JSON.parse(data).event_id);

describe("the stream of events", () => {
  test("tells each new event once, to all who listen to its environment and to nobody else", async () => {
    const other = await createEnvironment(api.store);
    const [one, two, elsewhere] = await Promise.all(
      [environment, environment, other].map(({ devId }) => listen(devId)),
    );
    expect([one?.heard.status, one?.heard.type]).toEqual([200, "text/event-stream"]);
    await waitFor("the streams to be open", () =>
      [one, two, elsewhere].every((each) => each?.heard.text !== ""),
    );
    const made: string[] = [];
    for (let count = 0; count < 3; count++) {
      made.push(...(await emit(api.store, [newEvent(environment.environmentId)])));
    }
    for (const each of [one, two]) {
      await waitFor("all events", () => eventIds(each?.heard.text ?? "").length >= 3);
    }
    // The next reading overlaps with this one.
    const [last = ""] = await emit(api.store, [newEvent(environment.environmentId)]);
    await waitFor("the last event", () => eventIds(one?.heard.text ?? "").includes(last));
    expect(eventIds(one?.heard.text ?? "").sort()).toEqual([...made, last].sort());
    expect(eventIds(elsewhere?.heard.text ?? "")).toEqual([]);
    for (const each of [one, two, elsewhere]) each?.leave();
  });

  test("is open ten times for one caller", async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => listen(environment.devId)));
    expect(streams.map(({ heard }) => heard.status)).toEqual(Array(10).fill(200));
    const refused = await api.about(environment).get("/events/stream");
    expect([refused.status, refused.body.code]).toEqual([429, "STREAMS_TOO_MANY"]);
    for (const { leave } of streams) leave();
    await waitFor("room for another", async () => {
      const again = await listen(environment.devId);
      again.leave();
      return again.heard.status === 200;
    });
  });

  test("ends with its session", async () => {
    const password = "correct horse battery staple";
    const json = { email: "listener@example.com", password, role: "viewer" };
    await api.admin("/admin/v1/accounts", { method: "POST", json });
    const browser = new DashboardBrowser(api.url);
    await browser.signIn({ email: json.email, password });
    const { heard } = await listen(environment.devId, { cookie: browser.cookie });
    expect(heard.status).toBe(200);
    await browser.send("DELETE", "/session");
    await waitFor("the end", () => heard.ended);
    expect(heard.text).toContain("event: end\n");
  });
});
