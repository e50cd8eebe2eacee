/**
 * The original files of activities, from Garmin's sandbox to webhook and REST: samples, laps, the file itself; files
 * that do not exist or are broken. Expected values are those of which the sandbox's own encoder made the file.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fitOf, type Recording } from "../../src/sandbox/garmin/files/fit.ts";
import { zipOf } from "../../src/zip/zip.ts";
import { daysAgo } from "../invented/hub.ts";
import { credentials, keyHeaders } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { type GarminWorld, startGarminWorld } from "./garmin-world.ts";

type Json = ReturnType<typeof JSON.parse>;

/** Returns a ZIP file as Garmin sends it. */
const zipWith = (name: string, bytes: Buffer): Buffer => zipOf([{ name, bytes, isDeflated: true }]);

let world: GarminWorld;
beforeAll(async () => {
  world = await startGarminWorld();
});
afterAll(() => world?.close());

/** Noon, so that the day is the same in every zone near it. */
const day = daysAgo(1);
const start = Date.parse(`${day}T12:00:00Z`);
const offsetHours = 5.5;
const filePath = "/download-service/files/activity/";
let lastId = 7_000;

/** Ten minutes with a pause of one, a kilometre in five. */
function recording(): Recording {
  const seconds = 600;
  const pause = { from: start + 300_000, to: start + 360_000 };
  return {
    start,
    end: start + (seconds + 60) * 1_000,
    pauses: [pause],
    sport: 1,
    lapMetres: 1_000,
    moments: Array.from({ length: seconds + 1 }, (_, second) => ({
      at: start + (second + (second > 300 ? 60 : 0)) * 1_000,
      heartRate: 120 + (second % 20),
      distance: (second * 10) / 3,
      speed: 3.333,
      latitude: 60 + second / 10_000,
      longitude: 25,
      altitude: 20 + (second % 10) / 5,
      cadence: 80,
      watts: 200 + (second % 7),
      temperature: 21,
    })),
  };
}

const activityOf = (activityId: number, changed: object = {}) => ({
  activityId,
  activityType: { typeId: 1, typeKey: "running", parentTypeId: 17 },
  startTimeGMT: new Date(start).toISOString().slice(0, 19).replace("T", " "),
  startTimeLocal: new Date(start + offsetHours * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
  duration: 600,
  elapsedDuration: 660,
  distance: 2_000,
  averageHR: 129,
  ...changed,
});

/** Connects a person with an activity and its file, if it has one. */
async function connected(file: Buffer | null, changed: object = {}) {
  const person = await world.person();
  lastId += 1;
  const id = lastId;
  await world.put(person, "activities", activityOf(id, changed));
  if (file !== null) await world.putFile(person, id, file);
  const userId = await world.connect(person, { days: [day] });
  return { person, id, userId };
}

const fileCalls = async (person: number) =>
  (await world.asked(person)).filter(({ path }) => path.startsWith(filePath));

const searches = async (person: number) =>
  (await world.asked(person)).filter(({ path }) => path.includes("/activities/search/")).length;

const looksEnd = (userId: string) =>
  waitFor("the end of all looks", async () => {
    const open = await world.hub.query(
      "SELECT FROM fetch_tasks WHERE user_id = $1 AND kind IN ('connect', 'refresh', 'file') AND state = 'accepted'",
      [userId],
    );
    return open.length === 0;
  });

/** Waits for the one activity; the file comes after it. */
const activity = (userId: string, isSo: (record: Json) => boolean): Promise<Json> =>
  waitFor("the activity", async () => {
    const [found] = await world.records(userId, "activity", daysAgo(3), daysAgo(-1));
    if (found !== undefined && isSo(found)) return found as Json;
    await world.hasten(userId);
    return null;
  });

const samplesOf = (record: Json): Json[] => record.heart_rate_data.detailed.hr_samples;
const hasSamples = (record: Json): boolean => samplesOf(record).length > 0;
const instant = (text: string): number => Date.parse(text);

/** Asks for a user's newest data, and leaves out the older days: each of them would be a call. */
async function refresh(userId: string): Promise<void> {
  const answer = await fetch(`${world.hub.url}/admin/v1/users/${userId}/refresh`, {
    method: "POST",
    headers: { authorization: `Bearer ${credentials.adminToken}` },
  });
  if (!answer.ok) throw new Error(`refreshing ended with ${answer.status}: ${await answer.text()}`);
  await world.hub.query(
    "UPDATE fetch_tasks SET state = 'done' WHERE user_id = $1 AND kind = 'backfill' AND state = 'accepted'",
    [userId],
  );
}

describe.concurrent("the file of an activity", () => {
  it("becomes samples at their own instants, laps and heartbeats, by REST and by webhook", async () => {
    const made = recording();
    const { userId, person } = await connected(zipWith("7.fit", fitOf(made)));
    const record = await activity(userId, hasSamples);
    const { moments } = made;
    expect(samplesOf(record).map(({ timestamp, bpm }) => [instant(timestamp), bpm])).toEqual(
      moments.map(({ at, heartRate }) => [at, heartRate]),
    );
    expect(samplesOf(record)[0].timestamp).toBe(`${day}T17:30:00.000000+05:30`);
    expect(samplesOf(record).map((one) => one.timer_duration_seconds)).toEqual(
      moments.map((_, second) => second),
    );
    const pairs = (samples: Json[], field: string) =>
      samples.map((one) => [instant(one.timestamp), one[field]]);
    const {
      movement_data: movement,
      distance_data: distance,
      power_data: power,
      position_data: position,
    } = record;
    expect(pairs(movement.cadence_samples, "cadence_rpm")).toEqual(moments.map(({ at }) => [at, 160]));
    expect(pairs(movement.speed_samples, "speed_meters_per_second")).toEqual(
      moments.map(({ at }) => [at, 3.333]),
    );
    expect(pairs(power.power_samples, "watts")).toEqual(moments.map(({ at, watts }) => [at, watts]));
    expect(pairs(distance.detailed.elevation_samples, "elev_meters")).toEqual(
      moments.map(({ at, altitude = 0 }) => [at, Number(altitude.toFixed(1))]),
    );
    expect(pairs(distance.detailed.distance_samples, "distance_meters")).toEqual(
      moments.map(({ at, distance: metres = 0 }) => [at, Number(metres.toFixed(2))]),
    );
    for (const [index, { latitude = 0 }] of moments.entries())
      expect(position.position_samples[index].coords_lat_lng_deg[0]).toBeCloseTo(latitude, 6);
    expect(
      record.lap_data.laps.map((lap: Json) => [instant(lap.end_time) - start, lap.trigger_method]),
    ).toEqual([
      [300_000, "DISTANCE"],
      [660_000, "SESSION_END"],
    ]);
    const carried = record.provider_data.garmin["activity-file"];
    expect(carried.rr_intervals.slice(0, 2)).toEqual([500, 500]);
    expect(new Set(carried.record.temperature)).toEqual(new Set([21]));
    expect(carried.pauses).toEqual([
      { start_time: `${day}T12:05:00.000Z`, end_time: `${day}T12:06:00.000Z` },
    ]);
    // The totals are those of the list.
    expect(record.distance_data.summary.distance_meters).toBe(2_000);
    const event = await waitFor("the event with samples", () =>
      world.hub
        .events("activity")
        .find(({ body }) => body.user?.user_id === userId && hasSamples((body as Json).data[0])),
    );
    expect((event.body as Json).data[0]).toEqual(record);
    expect((await fileCalls(person)).map(({ status }) => status)).toEqual([200]);
  });

  it("that was imported as GPX becomes samples, too", async () => {
    const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
    const points = [10, 20].map(
      (seconds) =>
        `<trkpt lat="60.${seconds}" lon="25"><time>${at(seconds)}</time><extensions><hr>1${seconds}</hr></extensions></trkpt>`,
    );
    const gpx = `<gpx><trk><trkseg>${points.join("")}</trkseg></trk></gpx>`;
    const { userId } = await connected(zipWith("7.gpx", Buffer.from(gpx)));
    const record = await activity(userId, hasSamples);
    expect(samplesOf(record).map(({ timestamp, bpm }) => [timestamp, bpm])).toEqual([
      [`${day}T17:30:10.000000+05:30`, 110],
      [`${day}T17:30:20.000000+05:30`, 120],
    ]);
    expect(record.position_data.position_samples[0].coords_lat_lng_deg).toEqual([60.1, 25]);
  });

  it("is kept byte for byte, and given as the provider's own", async () => {
    const fit = fitOf(recording());
    const zip = zipWith("7.fit", fit);
    const { userId } = await connected(zip);
    await activity(userId, hasSamples);
    const [kept] = await world.hub.query<{ sha256: Buffer; content_type: string }>(
      "SELECT sha256, content_type FROM raw_payloads WHERE user_id = $1 AND resource = 'activity-file'",
      [userId],
    );
    expect(kept?.sha256).toEqual(createHash("sha256").update(zip).digest());
    const query = `user_id=${userId}&start_date=${day}&end_date=${day}&format=fit&original=true`;
    const answer = await fetch(`${world.hub.url}/v2/activity?${query}`, { headers: keyHeaders });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(fit);
  });

  it("is fetched once for each version of its activity", async () => {
    const { person, id, userId } = await connected(zipWith("7.fit", fitOf(recording())));
    await activity(userId, hasSamples);
    await looksEnd(userId);
    await world.put(person, "activities", activityOf(id, { activityName: "Renamed" }));
    await refresh(userId);
    await activity(userId, ({ metadata }) => metadata.name === "Renamed");
    await waitFor("the file again", async () => (await fileCalls(person)).length === 2);
    // A look that is under way would be the next one as well.
    await looksEnd(userId);
    const before = await searches(person);
    await refresh(userId);
    await waitFor("another look", async () => (await searches(person)) > before);
    expect(await fileCalls(person)).toHaveLength(2);
  });

  it("is not asked for where the activity was entered by hand", async () => {
    const { person, userId } = await connected(null, { manualActivity: true });
    await activity(userId, () => true);
    await looksEnd(userId);
    expect(await fileCalls(person)).toEqual([]);
  });
});

describe.concurrent("a file that", () => {
  const madeFile = () => fitOf(recording());
  const failedTasks = (userId: string) =>
    world.hub.query<{ code: string }>(
      "SELECT code FROM fetch_tasks WHERE user_id = $1 AND state = 'failed'",
      [userId],
    );

  for (const [name, body] of [
    ["is no file at all", () => Buffer.from("<html>An error</html>")],
    ["is cut off", () => zipWith("7.fit", madeFile()).subarray(0, 2_000)],
    ["holds something else", () => zipWith("7.txt", Buffer.from("no FIT"))],
    [
      "holds a FIT file with a wrong checksum",
      () => zipWith("7.fit", Buffer.concat([madeFile().subarray(0, -1), Buffer.from([0])])),
    ],
    ["unpacks to hundreds of megabytes", () => zipWith("7.fit", Buffer.alloc(300_000_000))],
  ] as const)
    it(`${name} costs the activity nothing, and is seen`, async () => {
      const { userId, person } = await connected(body());
      const record = await activity(userId, () => true);
      expect(record.distance_data.summary.distance_meters).toBe(2_000);
      const failed = await waitFor("the fault", async () => {
        await world.hasten(userId);
        const rows = await failedTasks(userId);
        return rows.length > 0 ? rows : null;
      });
      expect(failed.map(({ code }) => code)).toEqual(["PROVIDER_BODY_INVALID"]);
      expect(await fileCalls(person)).toHaveLength(1);
      expect(samplesOf(await activity(userId, () => true))).toEqual([]);
    });

  it("does not exist is no fault", async () => {
    const { userId, person } = await connected(null);
    await activity(userId, () => true);
    await waitFor("the call", async () => {
      await world.hasten(userId);
      return (await fileCalls(person)).length === 1;
    });
    expect((await fileCalls(person)).map(({ status }) => status)).toEqual([404]);
    await looksEnd(userId);
    expect(await failedTasks(userId)).toEqual([]);
  });

  it("cannot be had just now comes later", async () => {
    const person = await world.person();
    lastId += 1;
    await world.put(person, "activities", activityOf(lastId));
    await world.putFile(person, lastId, zipWith("7.fit", madeFile()));
    await world.control("POST", "/faults", {
      kind: "outage",
      status: 503,
      times: 1,
      path: filePath,
      user_id: person,
    });
    const userId = await world.connect(person, { days: [day] });
    expect((await activity(userId, hasSamples)).distance_data.summary.distance_meters).toBe(2_000);
  });
});

it("a guided exercise is an activity, and a nap is none", async () => {
  const person = await world.person();
  const guided = (uuid: string, wellnessActivityType: string) => ({
    activityUuid: { uuid },
    calendarDate: day,
    wellnessActivityType,
    startTimestampGMT: `${day}T12:00:00.0`,
    startTimestampLocal: `${day}T17:30:00.0`,
    endTimestampGMT: `${day}T12:05:00.0`,
  });
  await world.put(person, "wellness-activities", [guided("a-nap", "NAP"), guided("a-breath", "BREATHING")]);
  const userId = await world.connect(person, { days: [day] });
  const { metadata } = await activity(userId, () => true);
  expect([metadata.summary_id, metadata.start_time, metadata.end_time]).toEqual([
    "a-breath",
    `${day}T17:30:00.000000+05:30`,
    `${day}T17:35:00.000000+05:30`,
  ]);
  await looksEnd(userId);
  expect(await world.records(userId, "activity", daysAgo(3), daysAgo(-1))).toHaveLength(1);
});
