import { get } from "node:http";
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

  test("are served for 30 days after the PUT, whatever upload_time says, in the order of upload", async () => {
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

  test("uploaded before the registration are never served, even if the clock was moved back", async () => {
    const unregistered = await world.link(await world.person());
    await world.put(unregistered.id, "exercises", exercise("before"));
    await world.as(unregistered, "/v3/users", { method: "POST", body: { "member-id": "late comer" } });
    await world.at("2025-09-01T09:00:00Z");
    await world.put(unregistered.id, "exercises", exercise("after"));
    const text = (await world.as(unregistered, "/v3/exercises")).text;
    expect((JSON.parse(text) as { id: string }[]).map(({ id }) => id)).toEqual(["after"]);
  });

  test("as files: TCX, GPX with a route only, FIT as it was put", async () => {
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
    expect(tcx.bytes.toString()).toBe(
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
    expect((await file("run/tcx", "application/json")).status).toBe(200);
    expect((await file("other/tcx", "*/*")).status).toBe(404);

    const made = await file("run/fit", "*/*");
    expect([made.status, made.bytes.subarray(8, 12).toString()]).toEqual([200, ".FIT"]);
    expect((await file("other/fit", "*/*")).status).toBe(404);
    const bytes = Buffer.from([14, 32, 0, 255, 0, 10, 13]);
    expect((await put("exercises/run/fit", bytes)).status).toBe(200);
    expect((await put("exercises/none/fit", bytes)).status).toBe(404);
    expect(await file("run/fit", "*/*")).toMatchObject({ status: 200, bytes });
    expect((await file("run/fit", "application/json")).status).toBe(200);
  });

  test("are refused for their Accept only by a fault that is switched on, and only where it names another type", async () => {
    await put("exercises", exercise("strict"));
    const status = async (format: string, Accept: string) =>
      (await world.as(person, `/v3/exercises/strict/${format}`, { headers: { Accept } })).status;
    await world.call("/_sandbox/faults", { method: "POST", body: { kind: "not-acceptable" } });
    expect(await status("fit", "application/json")).toBe(406);
    expect(await status("tcx", "application/json")).toBe(406);
    expect(await status("tcx", "application/vnd.garmin.tcx+xml")).toBe(200);
    expect(await status("fit", "*/*")).toBe(200);
    await world.call("/_sandbox/faults", { method: "DELETE" });
    expect(await status("fit", "application/json")).toBe(200);
  });

  test("as TCX are compressed for clients that accept it, with the header", async () => {
    await put("exercises", exercise("packed"));
    const raw = (encoding: string | null) =>
      new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
        const headers = {
          Authorization: `Bearer ${person.token}`,
          ...(encoding && { "Accept-Encoding": encoding }),
        };
        get(`${world.sandbox.url}/v3/exercises/packed/tcx`, { headers }, async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({ encoding: response.headers["content-encoding"], bytes: Buffer.concat(chunks) });
        }).on("error", reject);
      });
    for (const accepted of ["gzip", "gzip, deflate, br", "br, gzip;q=0.5", "*"]) {
      const { encoding, bytes } = await raw(accepted);
      expect(encoding, accepted).toBe("gzip");
      expect(gunzipSync(bytes).toString()).toContain("</TrainingCenterDatabase>");
    }
    for (const accepted of [null, "identity", "br", "gzip;q=0"]) {
      const { encoding, bytes } = await raw(accepted);
      expect(encoding, String(accepted)).toBeUndefined();
      expect(bytes.toString()).toContain("</TrainingCenterDatabase>");
    }
  });

  test.each([
    [
      "negative values",
      {
        calories: -1,
        distance: -5,
        heart_rate: { average: -1, maximum: -1 },
        samples: [{ recording_rate: 1, sample_type: 3, data: "-600,-700" }],
      },
    ],
    ["a time of 1970", { start_time: "1970-01-01T00:00:00" }],
    ["a start with its offset", { start_time: "2025-10-01T10:00:00+02:00" }],
    ["a start that is only a day", { start_time: "2025-10-01Tmorning" }],
    [
      "odd values everywhere",
      {
        sport: 5,
        detailed_sport_info: 7,
        calories: "x",
        distance: {},
        heart_rate: [],
        samples: [{ sample_type: 0, data: 5 }],
        route: null,
      },
    ],
  ])("of %s have files nevertheless", async (_what, odd) => {
    await put("exercises", exercise("odd", odd));
    for (const format of ["fit", "tcx"]) expect(await statusOf(`/v3/exercises/odd/${format}`)).toBe(200);
  });

  test("a start that states its offset begins then, and P1DT2H lasts 26 hours", async () => {
    await put("exercises", exercise("long", { start_time: "2025-10-01T10:00:00+03:00", duration: "P1DT2H" }));
    const tcx = (await read("/v3/exercises/long/tcx")).text;
    expect(tcx).toContain(
      '<Lap StartTime="2025-10-01T07:00:00.000Z"><TotalTimeSeconds>93600</TotalTimeSeconds>',
    );
  });

  test("answer with a trailing slash as without", async () => {
    await put("exercises", exercise("slash"));
    for (const path of [
      "/v3/exercises",
      "/v3/exercises/slash",
      "/v3/exercises/slash/fit",
      "/v3/users/sleep",
    ]) {
      expect(await statusOf(path), path).toBe(200);
      expect(await statusOf(`${path}/`), path).toBe(200);
      expect(await statusOf(`${path}/?samples=true`), path).toBe(200);
    }
    const json = { headers: { Accept: "application/json" } };
    expect((await world.as(person, "/v3/exercises/slash/fit/", json)).status).toBe(200);
  });
});
