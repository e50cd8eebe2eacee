/** Records by natural key: equal content sends nothing, a change is the next revision, parts grow together. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { activityDay, daysAgo, exercise, heartRateDay, night, recharge } from "./support/polar-bodies.ts";
import { hurrySpread } from "./support/spread-tasks.ts";
import { type ReceivedEvent, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;

beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("identity");
});
afterAll(() => system.close());

/** Resolves when all announced data has been fetched and every event delivered. */
const quiet = (): Promise<unknown> =>
  waitFor("quiet", async () => {
    await hurrySpread(system);
    const response = await system.control("GET", "/_sandbox/webhook-deliveries");
    const sent: Json = await response.json();
    const pending = (sent.deliveries ?? sent).some((delivery: Json) => delivery.state === "pending");
    const [row] = await system.query<{ open: string }>(
      `SELECT (SELECT count(*) FROM fetch_tasks WHERE state = 'accepted' AND kind <> 'second-look')
            + (SELECT count(*) FROM deliveries WHERE state = 'pending') AS open`,
    );
    return !pending && row?.open === "0";
  });

const notified = async (times: number): Promise<void> => {
  await waitFor(`${times} notifications`, async () => {
    const [row] = await system.query<{ count: string }>("SELECT count(*) FROM notifications");
    return Number(row?.count) >= times;
  });
  await quiet();
};

let announced = 0;
async function upload(resource: string, body: unknown): Promise<void> {
  await system.upload(person, resource, body);
  announced += resource === "nightly-recharge" ? 0 : 1;
  await notified(announced);
}

const eventsAbout = (type: string, matches: (record: Json) => boolean) =>
  system.events(type).filter((event) => matches(recordOf(event)));

/** Returns the record of an event; every event here is about one record. */
const recordOf = (event: ReceivedEvent | undefined): Json => (event?.body.data ?? [])[0];
const workout = (id: string) => (record: Json) => record.metadata.summary_id === id;
const day = (date: string) => (record: Json) => record.metadata.start_time.startsWith(date);

describe("identity", () => {
  it("sends a workout once, and nothing when the same body is announced again", async () => {
    await upload("exercises", exercise("same1"));
    expect(eventsAbout("activity", workout("same1"))).toHaveLength(1);
    await upload("exercises", exercise("same1"));
    expect(eventsAbout("activity", workout("same1"))).toHaveLength(1);
    expect(
      await system.query(
        "SELECT count(*)::int AS kept FROM raw_payloads WHERE resource = 'exercise' AND resource_key = 'same1'",
      ),
    ).toEqual([{ kept: 1 }]);
  });

  it("sends an edited workout again, as the next revision, and REST has the new one", async () => {
    await upload("exercises", exercise("edit1"));
    await upload("exercises", exercise("edit1", { calories: 99 }));
    const events = eventsAbout("activity", workout("edit1"));
    expect(events.map(({ headers }) => headers["x-systole-revision"])).toEqual(["1", "2"]);
    expect(new Set(events.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    const date = daysAgo(3);
    const response = await system.read(
      `/v2/activity?user_id=${person.userId}&start_date=${date}&end_date=${date}&to_webhook=false`,
    );
    const { data } = (await response.json()) as Json;
    const found = data.filter(workout("edit1"));
    expect(found).toHaveLength(1);
    expect(found[0].calories_data.total_burned_calories).toBe(99);
  });

  it("keeps every body it received, byte for byte, with its hash", async () => {
    const rows = await system.query<{ raw_payload_id: string; sha256: Buffer; body_bytes: number }>(
      "SELECT raw_payload_id, sha256, body_bytes FROM raw_payloads WHERE resource = 'exercise' AND resource_key = 'edit1' ORDER BY 1",
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]?.sha256.equals(rows[1]?.sha256 ?? Buffer.alloc(0))).toBe(false);
  });

  it("lets a day grow: activity first, then heart rate, then more steps", async () => {
    const date = daysAgo(2);
    await upload("activities", activityDay(date, { end_time: `${date}T12:48`, steps: 3_000 }));
    await upload(
      "continuous-heart-rate",
      heartRateDay(date, [
        ["00:04:29", 61],
        ["08:00:00", 0],
        ["12:00:01", 88],
      ]),
    );
    await upload("activities", activityDay(date));
    const events = eventsAbout("daily", day(date)).map(recordOf);
    expect(events.map((record) => record.distance_data.steps)).toEqual([3_000, 3_000, 8_000]);
    expect(events.map((record) => record.heart_rate_data.detailed.hr_samples.length)).toEqual([0, 2, 2]);
  });

  it("makes one night of the sleep and its recharge", async () => {
    const date = daysAgo(5);
    await upload("nightly-recharge", recharge(date));
    await upload("sleep", night(date, daysAgo(6)));
    const events = eventsAbout("sleep", (record) => record.metadata.end_time.startsWith(date));
    expect(events).toHaveLength(1);
    const record = recordOf(events[0]);
    expect(record.heart_rate_data.summary.avg_hrv_rmssd).toBe(61);
    expect(record.sleep_durations_data.asleep.duration_REM_sleep_state_seconds).toBe(7_200);
  });

  it("looks again for a recharge that did not exist yet, and the night grows", async () => {
    const date = daysAgo(11);
    await upload("sleep", night(date, daysAgo(12)));
    await system.upload(person, "nightly-recharge", recharge(date));
    await system.hurry();
    const events = await waitFor("the second revision", () => {
      const found = eventsAbout("sleep", (record) => record.metadata.end_time.startsWith(date));
      return found.length === 2 && found;
    });
    const rmssd = events.map((event) => recordOf(event).heart_rate_data.summary.avg_hrv_rmssd);
    expect(rmssd).toEqual([null, 61]);
  });

  it("makes the night also without a recharge", async () => {
    const date = daysAgo(8);
    await upload("sleep", night(date, daysAgo(9)));
    const [event] = eventsAbout("sleep", (record) => record.metadata.end_time.startsWith(date));
    expect(recordOf(event).heart_rate_data.summary.avg_hrv_rmssd).toBeNull();
  });

  it("is not confused by a repeated notification", async () => {
    await system.control(
      "PUT",
      `/_sandbox/users/${person.sandboxUserId}/exercises?notify=twice`,
      exercise("twice1"),
    );
    announced += 2;
    await notified(announced);
    expect(eventsAbout("activity", workout("twice1"))).toHaveLength(1);
  });
});
