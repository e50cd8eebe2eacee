import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Linked, startWorld, type World } from "../testing/world.ts";

let world: World;
let person: Linked;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  await world.at("2025-10-02T09:00:00Z");
  person = await world.linked();
});
afterAll(() => world.close());

const read = (path: string) => world.as(person, path);
const statusOf = async (path: string) => (await read(path)).status;
const list = async (path: string) => JSON.parse((await read(path)).text) as Record<string, unknown>[];
const put = (resource: string, body: unknown) => world.put(person.id, resource, body);

describe("exercises", () => {
  const exercise = (id: string, more: object = {}) => ({
    id,
    upload_time: "2020-01-01T00:00:00Z",
    start_time: "2025-10-01T10:00:00",
    start_time_utc_offset: 120,
    duration: "PT3.5S",
    ...more,
  });
  const ids = async () => (await list("/v3/exercises")).map(({ id }) => id);

  test("are there for 30 days after the PUT, whatever upload_time says, in the order of upload", async () => {
    await put("exercises", exercise("late", { start_time: "2025-10-02T08:00:00" }));
    await world.at("2025-10-12T09:00:00Z");
    await put("exercises", exercise("early"));
    expect(await ids()).toEqual(["late", "early"]);
    await world.at("2025-11-01T08:59:00Z");
    expect(await ids()).toEqual(["late", "early"]);
    await world.at("2025-11-01T09:01:00Z");
    expect(await ids()).toEqual(["early"]);
    expect(await statusOf("/v3/exercises/late")).toBe(404);
    expect(await statusOf("/v3/exercises/early")).toBe(200);
  });

  test("uploaded before the registration are never there, even when the clock went back since", async () => {
    const stranger = await world.link(await world.person());
    await world.put(stranger.id, "exercises", exercise("before"));
    await world.as(stranger, "/v3/users", { method: "POST", body: { "member-id": "late comer" } });
    await world.at("2025-09-01T09:00:00Z");
    await world.put(stranger.id, "exercises", exercise("after"));
    const text = (await world.as(stranger, "/v3/exercises")).text;
    expect((JSON.parse(text) as { id: string }[]).map(({ id }) => id)).toEqual(["after"]);
  });

  test("as files: TCX gzipped, GPX with a route only, FIT as it was put", async () => {
    const body = exercise("run", {
      detailed_sport_info: "RUNNING",
      calories: 12,
      distance: 9.0,
      heart_rate: { average: 101, maximum: 110 },
      samples: [
        { recording_rate: 1, sample_type: 0, data: "100,101,null" },
        { recording_rate: 1, sample_type: 3, data: "5.0,5.5,6.0" },
        { recording_rate: 1, sample_type: 10, data: "0.0,2.5,5.0" },
      ],
      route: [{ latitude: 60.2, longitude: 24.9, time: "PT1.026S", satellites: 9, fix: 1 }],
    });
    await put("exercises", [body, exercise("plain")]);
    const file = async (path: string, accept: string) => {
      const response = await fetch(`${world.sandbox.url}/v3/exercises/${path}`, {
        headers: { Authorization: `Bearer ${person.token}`, Accept: accept },
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status: response.status, type: response.headers.get("content-type"), bytes };
    };
    const tcx = await file("run/tcx", "application/vnd.garmin.tcx+xml");
    expect([tcx.status, tcx.type]).toEqual([200, "application/vnd.garmin.tcx+xml"]);
    expect(gunzipSync(tcx.bytes).toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>' +
        '<Activity Sport="Running"><Id>2025-10-01T08:00:00.000Z</Id><Lap StartTime="2025-10-01T08:00:00.000Z">' +
        "<TotalTimeSeconds>3.5</TotalTimeSeconds><DistanceMeters>9</DistanceMeters><Calories>12</Calories>" +
        "<AverageHeartRateBpm><Value>101</Value></AverageHeartRateBpm>" +
        "<MaximumHeartRateBpm><Value>110</Value></MaximumHeartRateBpm>" +
        "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod><Track>" +
        "<Trackpoint><Time>2025-10-01T08:00:00.000Z</Time><AltitudeMeters>5</AltitudeMeters>" +
        "<DistanceMeters>0</DistanceMeters><HeartRateBpm><Value>100</Value></HeartRateBpm></Trackpoint>" +
        "<Trackpoint><Time>2025-10-01T08:00:01.000Z</Time><Position><LatitudeDegrees>60.2</LatitudeDegrees>" +
        "<LongitudeDegrees>24.9</LongitudeDegrees></Position><AltitudeMeters>5.5</AltitudeMeters>" +
        "<DistanceMeters>2.5</DistanceMeters><HeartRateBpm><Value>101</Value></HeartRateBpm></Trackpoint>" +
        "<Trackpoint><Time>2025-10-01T08:00:02.000Z</Time><AltitudeMeters>6</AltitudeMeters>" +
        "<DistanceMeters>5</DistanceMeters></Trackpoint></Track></Lap><Notes>RUNNING</Notes></Activity>" +
        "</Activities></TrainingCenterDatabase>\n",
    );
    const gpx = await file("run/gpx", "*/*");
    expect([gpx.status, gpx.type]).toEqual([200, "application/gpx+xml"]);
    expect(gpx.bytes.toString()).toContain(
      '<trkpt lat="60.2" lon="24.9"><ele>5.5</ele><time>2025-10-01T08:00:01.000Z</time></trkpt>',
    );
    expect((await file("plain/gpx", "*/*")).status).toBe(404);
    expect((await file("run/tcx", "application/json")).status).toBe(406);
    expect((await file("other/tcx", "*/*")).status).toBe(404);

    const made = await file("run/fit", "*/*");
    expect([made.status, made.bytes.subarray(8, 12).toString()]).toEqual([200, ".FIT"]);
    expect((await file("other/fit", "*/*")).status).toBe(404);
    const bytes = Buffer.from([14, 32, 0, 255, 0, 10, 13]);
    expect((await put("exercises/run/fit", bytes)).status).toBe(200);
    expect((await put("exercises/none/fit", bytes)).status).toBe(404);
    expect(await file("run/fit", "*/*")).toMatchObject({ status: 200, bytes });
    expect((await file("run/fit", "application/json")).status).toBe(406);
  });
});
