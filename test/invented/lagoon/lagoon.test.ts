/** Lagoon, end to end: parts that grow from many uploads. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { lagoon } from "./plugin.ts";

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

const upload = async (body: object, format = "bits"): Promise<number> => {
  const answer = await fetch(`${hub.url}/v2/uploads/lagoon/${format}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return answer.status;
};

const at = (clock: string, date = day) => `${date}T${clock}Z`;

/** Waits until everything that was uploaded is worked. */
const worked = () =>
  waitFor("the tasks", async () => {
    const open = await hub.query("SELECT FROM fetch_tasks WHERE state = 'accepted'");
    return open.length === 0;
  });

const records = (type: string) =>
  hub.query<{
    natural_key: string;
    revision: number;
    summary: unknown;
    raw_payload_ids: string[];
  }>(
    "SELECT natural_key, revision, summary, raw_payload_ids FROM records WHERE type = $1 ORDER BY natural_key",
    [type],
  );

const walkSteps = async () =>
  (await records("activity")).map(({ summary }) => {
    const { distance_data } = summary as { distance_data: { summary: { steps: number | null } } };
    return distance_data.summary.steps;
  });

it("makes one day of many uploads, each count once", async () => {
  expect(await upload({ counts: [{ at: at("08:00:00"), steps: 10 }] })).toBe(202);
  await hub.received({ [day]: 10 });
  await upload({
    counts: [
      { at: at("08:00:00"), steps: 10 },
      { at: at("09:00:00"), steps: 20 },
    ],
  });
  await hub.received({ [day]: 30 });
});

it("counts one that two formats bring once, and names the payloads that its counts came in", async () => {
  await upload({ format: "watch", counts: [{ at: at("09:00:00"), steps: 20, id: "w1" }] });
  await worked();
  const [daily] = await records("daily");
  const payloads = await hub.query<{ raw_payload_id: string; id: string | null }>(
    `SELECT raw_payload_id FROM raw_payloads ORDER BY fetch_order DESC`,
  );
  expect(daily?.raw_payload_ids).toEqual(
    payloads
      .slice(0, 2)
      .map((row) => row.raw_payload_id)
      .sort(),
  );
});

it("joins counts to a walk whose own part does not change, whichever came first", async () => {
  await upload({ walks: [{ from: at("23:50:00"), to: at("00:10:00", daysAgo(1)) }] });
  await worked();
  expect(await walkSteps()).toEqual([null]);
  await upload({
    counts: [
      { at: at("23:55:00"), steps: 5 },
      { at: at("00:05:00", daysAgo(1)), steps: 7 },
    ],
  });
  await worked();
  expect(await walkSteps()).toEqual([12]);
  expect(await records("activity")).toMatchObject([{ revision: 2 }]);
});

it("changes nothing and sends nothing when a body comes again", async () => {
  const events = await hub.query("SELECT FROM events");
  const rows = await hub.query("SELECT FROM raw_payloads");
  await upload({
    counts: [
      { at: at("23:55:00"), steps: 5 },
      { at: at("00:05:00", daysAgo(1)), steps: 7 },
    ],
  });
  await worked();
  expect(await hub.query("SELECT FROM raw_payloads")).toHaveLength(rows.length);
  expect(await hub.query("SELECT FROM events")).toHaveLength(events.length);
});

it("deletes a record of which nothing is left, and finds it by what the part had", async () => {
  const other = daysAgo(4);
  await upload({ format: "watch", counts: [{ at: at("08:00:00", other), steps: 1, id: "gone" }] });
  await hub.received({ [other]: 1 });
  await upload({ format: "watch", deleted: ["gone"], deleted_days: [other] });
  await waitFor("the day to go", async () => {
    const range = `user_id=${userId}&start_date=${other}&end_date=${other}&to_webhook=false`;
    const { body } = await hub.call("GET", `/v2/daily?${range}`);
    return Array.isArray(body.data) && body.data.length === 0;
  });
});

it("deletes by an id alone, in parts of before and in what comes later", async () => {
  const days = [daysAgo(5), daysAgo(6)];
  const counts = days.map((date, index) => ({ at: at("08:00:00", date), steps: 3, id: `lost${index}` }));
  await upload({
    format: "watch",
    counts: [...counts, { at: at("09:00:00", days[0]), steps: 4, id: "kept" }],
  });
  await hub.received({ [days[0] ?? ""]: 7, [days[1] ?? ""]: 3 });
  await upload({ format: "watch", deleted: ["lost0", "lost1", "late", "never"] });
  await hub.received({ [days[0] ?? ""]: 4 });
  await worked();
  await upload({ format: "watch", counts: [{ at: at("10:00:00", days[1]), steps: 9, id: "late" }] });
  await upload({ format: "watch", counts: [{ at: at("11:00:00", days[1]), steps: 2, id: "new" }] });
  await worked();
  const left = await hub.query<{ natural_key: string; steps: number }>(
    `SELECT natural_key, (summary #>> '{distance_data,steps}')::int AS steps FROM records
     WHERE type = 'daily' AND natural_key = ANY($1) ORDER BY natural_key`,
    [days],
  );
  expect(left).toEqual([
    { natural_key: days[1], steps: 2 },
    { natural_key: days[0], steps: 4 },
  ]);
});

it("counts what its reader did not know, in bodies and in samples", async () => {
  await upload({ mood: "calm", counts: [{ at: at("10:00:00"), steps: 1 }] });
  await waitFor("the leaf", async () => {
    const leaves = await hub.query<{ path: string }>("SELECT path FROM unknown_leaves");
    return leaves.some(({ path }) => path === "mood");
  });
});
