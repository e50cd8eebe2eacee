/** Inlet, end to end: uploads only, with a token that Systole issues. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { inlet } from "./plugin.ts";

let hub: Hub;
let token = "";
let userId = "";

beforeAll(async () => {
  hub = await startHub(inlet, {});
});
afterAll(() => hub.close());

const upload = (body: unknown, bearer = token, format = "days") =>
  fetch(`${hub.url}/v2/uploads/inlet/${format}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

it("connects on our page, which shows the address and the token once", async () => {
  const link = await hub.connectLink("me");
  const page = await (await fetch(link, { method: "POST" })).text();
  expect(page).toContain(`${hub.url}/v2/uploads/inlet/days`);
  token = /Bearer ([\w-]{43})/.exec(page)?.[1] ?? "";
  const [auth] = await waitFor("the auth event", () => {
    const found = hub.events("auth");
    return found.length > 0 && found;
  });
  userId = String(auth?.body.user?.user_id);
  const kept = await hub.query("SELECT * FROM upload_tokens");
  expect(JSON.stringify(kept)).not.toContain(token);
});

it("accepts pushed data, one day or many, and keeps the newer of two", async () => {
  const taken = await upload({
    days: [
      { day: daysAgo(2), steps: 200 },
      { day: daysAgo(1), steps: 100 },
    ],
  });
  expect([taken.status, await taken.json()]).toEqual([202, { status: "success", accepted: 2 }]);
  await hub.received({ [daysAgo(2)]: 200, [daysAgo(1)]: 100 });
  await upload({ days: [{ day: daysAgo(1), steps: 101 }] });
  await upload({ days: [{ day: daysAgo(1), steps: 102 }] });
  await hub.received({ [daysAgo(1)]: 102 });
});

it("accepts deletions", async () => {
  await upload({ deleted: [daysAgo(2)] });
  await waitFor("the day to go", async () => {
    const range = `user_id=${userId}&start_date=${daysAgo(5)}&to_webhook=false`;
    const { body } = await hub.call("GET", `/v2/daily?${range}`);
    return Array.isArray(body.data) && body.data.length === 1;
  });
});

it("refuses an invalid upload, with the reason", async () => {
  const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
  expect(await code(await upload("no json"))).toEqual([400, "UPLOAD_BODY_INVALID"]);
  expect(await code(await upload({}, "x".repeat(43)))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
  expect(await code(await upload({}, token, "weeks"))).toEqual([404, "UPLOAD_FORMAT_UNKNOWN"]);
});

it("keeps the person's data when they connect again under a reference that was changed", async () => {
  await hub.query("UPDATE connections SET reference_id = 'me again' WHERE user_id = $1", [userId]);
  const page = await (await fetch(await hub.connectLink("me again"), { method: "POST" })).text();
  const [row] = await hub.query<{ user_id: string }>("SELECT user_id FROM connections");
  expect(row?.user_id).not.toBe(userId);
  expect(await hub.query("SELECT FROM records WHERE user_id = $1", [row?.user_id])).toHaveLength(1);
  token = /Bearer ([\w-]{43})/.exec(page)?.[1] ?? "";
  userId = String(row?.user_id);
  expect((await upload({ days: [{ day: daysAgo(3), steps: 300 }] })).status).toBe(202);
});

it("ends uploads with the connection", async () => {
  await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${userId}`);
  expect((await upload({ days: [] })).status).toBe(401);
});
