/** Lagoon's large bodies: checked before the answer, kept whole, read afterwards. */
import { readdir } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { gzip as gzipWith } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials } from "../../support/system.ts";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { lagoon } from "./plugin.ts";

const gzip = promisify(gzipWith);
let hub: Hub;
let token = "";
let userId = "";
const day = daysAgo(2);

beforeAll(async () => {
  hub = await startHub(lagoon, {});
  const page = await (await fetch(await hub.connectLink("me"), { method: "POST" })).text();
  token = /Bearer ([\w-]{43})/.exec(page)?.[1] ?? "";
  const [row] = await hub.query<{ user_id: string }>("SELECT user_id FROM connections");
  userId = String(row?.user_id);
});
afterAll(() => hub.close());

const address = () => `${hub.url}/v2/uploads/lagoon/whole`;

async function upload(body: Buffer | string, headers: Record<string, string> = {}) {
  const answer = await fetch(address(), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body,
  });
  const { code = null } = (await answer.json()) as { code?: string };
  return [answer.status, code];
}

const counts = (steps: number, clock = "08:00:00") =>
  JSON.stringify({ counts: [{ at: `${day}T${clock}Z`, steps }] });

const worked = () =>
  waitFor("the tasks", async () => {
    const open = await hub.query("SELECT FROM fetch_tasks WHERE state = 'accepted'");
    return open.length === 0;
  });

/** Everything that an upload may leave: rows, and bytes in rows and files. */
async function kept() {
  const [rows] = await hub.query(`SELECT
    (SELECT count(*) FROM raw_payloads) AS payloads, (SELECT count(*) FROM fetch_tasks) AS tasks,
    (SELECT count(*) FROM grown_parts) AS parts, (SELECT count(*) FROM records) AS records,
    (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM body_removals) AS removals,
    (SELECT sum(length(state)) FROM grown_parts) AS state, (SELECT max(fetch_order) FROM raw_payloads) AS newest`);
  return { ...rows, files: await files() };
}

async function files(): Promise<string[]> {
  const found = await readdir(path.join(hub.directory, "bodies"), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("a whole body", () => {
  it("is answered once it is kept, gzipped or not, and its data follows", async () => {
    expect(await upload(counts(10))).toEqual([202, null]);
    await hub.received({ [day]: 10 });
    expect(await upload(await gzip(counts(5, "09:00:00")))).toEqual([202, null]);
    await hub.received({ [day]: 15 });
    const [row] = await hub.query<{ sha256: Buffer; body_bytes: number }>(
      "SELECT sha256, body_bytes FROM raw_payloads ORDER BY fetch_order DESC",
    );
    expect(row?.body_bytes).toBe(counts(5, "09:00:00").length);
  });

  it("is taken with an empty content type", async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "" };
      const request = http.request(address(), { method: "POST", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.once("error", reject).end(counts(10));
    });
    expect(status).toBe(202);
  });

  it("is kept whatever it contains, as long as it is JSON", async () => {
    expect(await upload('{"counts": "many"}')).toEqual([202, null]);
    expect(await upload('{"counts": [{"at": NaN}]}')).toEqual([202, null]);
    await worked();
  });

  it("that is pushed a hundred times adds no row and no byte", async () => {
    await upload(counts(10, "11:00:00"));
    await worked();
    const before = await kept();
    for (let time = 0; time < 100; time++) {
      expect(
        await upload(time % 2 === 0 ? counts(10, "11:00:00") : await gzip(counts(10, "11:00:00"))),
      ).toEqual([202, null]);
    }
    expect(await kept()).toEqual(before);
  });

  it("that came before another one that replaced it takes the later place", async () => {
    const whole = (steps: number) =>
      JSON.stringify({ whole_day: daysAgo(3), counts: [{ at: `${daysAgo(3)}T08:00:00Z`, steps }] });
    const payloads = (await hub.query("SELECT FROM raw_payloads")).length;
    for (const steps of [1, 2, 1]) {
      await upload(whole(steps));
      await hub.received({ [daysAgo(3)]: steps });
    }
    expect(await hub.query("SELECT FROM raw_payloads")).toHaveLength(payloads + 2);
  });
});

describe("a body that is refused", () => {
  it.each<[string, () => Buffer | string | Promise<Buffer | string>, [number, string]]>([
    ["that is not JSON", () => "counts=1", [400, "UPLOAD_NOT_JSON"]],
    ["that is empty", () => "", [400, "UPLOAD_NOT_JSON"]],
    ["that was cut off", () => counts(99).slice(0, -5), [400, "UPLOAD_CUT_OFF"]],
    [
      "whose gzip was cut off",
      async () => (await gzip(counts(99))).subarray(0, -12),
      [400, "UPLOAD_CUT_OFF"],
    ],
    ["that is gzipped twice", async () => gzip(await gzip(counts(99))), [400, "UPLOAD_COMPRESSED_TWICE"]],
    ["that is too large", () => `[${" ".repeat(33 * 1024 * 1024)}]`, [413, "UPLOAD_TOO_LARGE"]],
    [
      "that is too large once it is unpacked",
      () => gzip(`[${" ".repeat(33 * 1024 * 1024)}]`),
      [413, "UPLOAD_TOO_LARGE"],
    ],
  ])("%s is refused with a code, and nothing of it is kept", async (_, body, answer) => {
    const before = await kept();
    expect(await upload(await body())).toEqual(answer);
    expect(await kept()).toEqual(before);
  });

  it("because others of the person are being received is to come again", async () => {
    let refused = 0;
    const open = Array.from({ length: 20 }, () => {
      const request = http.request(address(), {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-length": 1_000 },
      });
      request.on("error", () => {});
      request.on("response", ({ statusCode }) => {
        if (statusCode === 503) refused++;
      });
      request.write("[");
      return request;
    });
    await waitFor("all but four to be refused", () => refused === 16);
    const headers = { authorization: `Bearer ${token}` };
    const busy = await fetch(address(), { method: "POST", headers, body: counts(10, "11:00:00") });
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "5"]);
    for (const request of open) request.destroy();
    await waitFor("a place", async () => (await upload(counts(10, "11:00:00")))[0] === 202);
  });
});

it("is kept outside of the database when it is large, and erased there with its person", async () => {
  const padded = JSON.stringify({
    counts: JSON.parse(counts(7, "12:00:00")).counts,
    note: "x".repeat(9_000_000),
  });
  expect(await upload(padded, { "x-batch": "large" })).toEqual([202, null]);
  await worked();
  const [row] = await hub.query<{ raw_payload_id: string; body: Buffer | null; body_key: string }>(
    "SELECT raw_payload_id, body, body_key FROM raw_payloads WHERE body_key IS NOT NULL",
  );
  expect(row?.body).toBeNull();
  expect(await files()).toEqual([`${row?.raw_payload_id}.zst`]);
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  const raw = await fetch(`${hub.url}/admin/v1/users/${userId}/raw/${row?.raw_payload_id}`, { headers });
  expect((await raw.text()) === padded).toBe(true);
  const [daily] = await hub.query<{ summary: { distance_data: { steps: number } } }>(
    "SELECT summary FROM records WHERE start_date = $1",
    [day],
  );
  expect(daily?.summary.distance_data.steps).toBe(10 + 5 + 10 + 7);
  await fetch(`${hub.url}/admin/v1/users/${userId}`, { method: "DELETE", headers });
  expect(await files()).toEqual([]);
  const [erasure] = await hub.query<{ deleted: Record<string, number> }>("SELECT deleted FROM erasures");
  expect(erasure?.deleted).toMatchObject({ stored_bodies: 1 });
});
