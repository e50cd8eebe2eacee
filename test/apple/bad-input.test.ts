/** Bodies and files that are damaged, hostile or somebody else's, at Apple Health's own addresses. */
import { promisify } from "node:util";
import { gzip as gzipWith } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportOf, heartRate } from "../../src/providers/apple/formats/export/testing/read.ts";
import { flags, type ZipEntry, zipOf } from "../../src/providers/apple/formats/export/testing/zip.ts";
import apple from "../../src/providers/apple/index.ts";
import { type Hub, startHub } from "../invented/hub.ts";
import { credentials } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { type ConnectedPerson, connectPerson, sendFile } from "./person.ts";

type Json = ReturnType<typeof JSON.parse>;

const gzip = promisify(gzipWith);
let hub: Hub;
let ada: ConnectedPerson;
let accessToken = "";

beforeAll(async () => {
  hub = await startHub(apple, {});
  ada = await connectPerson(hub, "ada");
  accessToken = await accessTokenOf(ada);
});
afterAll(() => hub?.close());

async function accessTokenOf({ userId }: ConnectedPerson): Promise<string> {
  const app = { app_id: credentials.devId, app_secret: credentials.apiKey };
  return String((await hub.call("POST", `/api/v1/users/${userId}/token`, app)).body.access_token);
}

const formats = ["health-auto-export", "healthkit", "open-wearables"] as const;

async function push(format: (typeof formats)[number], body: Buffer | string, token?: string) {
  const isSdk = format === "open-wearables";
  const url = isSdk ? `${hub.url}/api/v1/sdk/users/${ada.userId}/sync` : (ada.urls[format] ?? "");
  const headers = { authorization: `Bearer ${token ?? (isSdk ? accessToken : ada.token)}` };
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  return [answer.status, ((await answer.json()) as Json).code ?? null];
}

/** Everything that a body may leave. */
const kept = () =>
  hub.query(`SELECT
    (SELECT count(*)::int FROM raw_payloads) AS payloads, (SELECT count(*)::int FROM fetch_tasks) AS tasks,
    (SELECT count(*)::int FROM grown_parts) AS parts, (SELECT count(*)::int FROM records) AS records,
    (SELECT count(*)::int FROM events) AS events,
    (SELECT sum(pg_column_size(state))::int FROM grown_parts) AS state_bytes`);

const worked = () =>
  waitFor("the tasks", async () => {
    const open = await hub.query("SELECT FROM fetch_tasks WHERE state = 'accepted'");
    return open.length === 0;
  });

const small = '{"data": {"metrics": []}}';

describe.each(formats)("a body for %s", (format) => {
  it.each<[string, () => Buffer | string | Promise<Buffer>, [number, string]]>([
    ["that is not JSON", () => "metrics=1", [400, "UPLOAD_NOT_JSON"]],
    ["that was cut off", () => small.slice(0, -3), [400, "UPLOAD_CUT_OFF"]],
    ["whose gzip was cut off", async () => (await gzip(small)).subarray(0, -10), [400, "UPLOAD_CUT_OFF"]],
    ["that is gzipped twice", async () => gzip(await gzip(small)), [400, "UPLOAD_COMPRESSED_TWICE"]],
  ])("%s is refused with a code, and kept nowhere", async (_, body, answer) => {
    const before = await kept();
    expect(await push(format, await body())).toEqual(answer);
    expect(await kept()).toEqual(before);
  });

  it("with another person's token or of a connection that was ended is refused with a code", async () => {
    const grace = await connectPerson(hub, `grace-${format}`);
    const isSdk = format === "open-wearables";
    const token = isSdk ? await accessTokenOf(grace) : grace.token;
    const before = await kept();
    if (isSdk) expect(await push(format, small, token)).toEqual([403, "UPLOAD_TOKEN_OF_ANOTHER"]);
    await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${grace.userId}`);
    expect(await push(format, small, token)).toEqual([401, "UPLOAD_CONNECTION_ENDED"]);
    expect(await push(format, small, "x".repeat(43))).toEqual([401, "UPLOAD_TOKEN_INVALID"]);
    expect(await kept()).toMatchObject(
      before.map(({ payloads, tasks, parts }) => ({ payloads, tasks, parts })),
    );
  });
});

it("a body over 200 MB once it is unpacked is refused with a code, and kept nowhere", async () => {
  const before = await kept();
  const packed = await gzip(Buffer.alloc(201 * 1024 ** 2, " "));
  expect(await push("health-auto-export", packed)).toEqual([413, "UPLOAD_TOO_LARGE"]);
  expect(await kept()).toEqual(before);
});

const main: ZipEntry = { name: "export.xml", content: exportOf(heartRate("09:00:00", 61)) };
const whole = exportOf(...Array.from({ length: 400 }, (_, index) => heartRate(clock(index), 61)));
const cut = whole.slice(0, whole.length / 2);

/** A second of its own for each reading, from nine o'clock on. */
function clock(index: number): string {
  return new Date(Date.UTC(2026, 0, 10, 9) + index * 1_000).toISOString().slice(11, 19);
}

describe("a file that is damaged or hostile", () => {
  it.each<[string, () => Buffer | string, string]>([
    [
      "a bomb by its ratio",
      () => zipOf([{ name: "export.xml", content: Buffer.alloc(30_000_000, " ") }]),
      "UPLOAD_ZIP_TOO_LARGE",
    ],
    [
      "a zip file in a zip file",
      () => zipOf([{ name: "export.zip", content: zipOf([main]) }]),
      "UPLOAD_ZIP_NESTED",
    ],
    ["too many entries", () => zipOf([main, ...manyFiles()]), "UPLOAD_ZIP_TOO_MANY_FILES"],
    ["a path that climbs", () => zipOf([main, { name: "../../x", content: "" }]), "UPLOAD_ZIP_PATH_UNSAFE"],
    ["an encrypted entry", () => zipOf([{ ...main, flags: flags.encrypted }]), "UPLOAD_ZIP_ENCRYPTED"],
    [
      "no export inside",
      () => zipOf([{ name: "notes.txt", content: "hello" }]),
      "UPLOAD_FILE_NOT_RECOGNISED",
    ],
  ])("ends as failed, with a code: %s", async (_, file, code) => {
    const person = await connectPerson(hub, `hostile-${code}`);
    expect(await sendFile(person, file())).toMatchObject({ state: "failed", code, stored_from: null });
    expect(await hub.query("SELECT FROM records WHERE user_id = $1", [person.userId])).toEqual([]);
  });

  it.each<[string, Buffer | string, string, number]>([
    ["a wrong checksum", zipOf([{ ...main, content: whole, crc32: 1 }]), "UPLOAD_ZIP_CHECKSUM_WRONG", 400],
    ["XML that was cut in the middle", cut, "UPLOAD_FILE_CUT", cut.split("<Record").length - 2],
    [
      "a zip file of such XML",
      zipOf([{ ...main, content: cut }]),
      "UPLOAD_FILE_CUT",
      cut.split("<Record").length - 2,
    ],
  ])("says where it stopped, and what was read before it stands: %s", async (name, file, code, readings) => {
    const person = await connectPerson(hub, encodeURIComponent(name));
    const state = await sendFile(person, file);
    expect(state).toMatchObject({
      state: "failed",
      code,
      details: { byte: expect.any(Number), line: expect.any(Number) },
      records_read: readings,
      stored_from: "2026-01-10",
    });
    const range = "start_date=2026-01-10&end_date=2026-01-10&to_webhook=false&with_samples=true";
    const { body } = await hub.call("GET", `/v2/daily?user_id=${person.userId}&${range}`);
    const [day] = body.data as Json[];
    expect(day.heart_rate_data.detailed.hr_samples).toHaveLength(readings);
  });
});

const manyFiles = (): ZipEntry[] =>
  Array.from({ length: 50_001 }, (_, index) => ({ name: String(index), content: "" }));

describe("a phone that pushes the same 40 MB again and again", () => {
  it("fills nothing", async () => {
    const samples = Array.from({ length: 15_360 }, (_, index) => ({
      date: "2026-01-10 21:14:05.123 +0100",
      voltage: (index % 700) - 349.123456789,
      units: "mcV",
    }));
    const ecg = Array.from({ length: 20 }, (_, index) => ({
      start: `2026-01-10 ${String(index).padStart(2, "0")}:14:05 +0100`,
      end: `2026-01-10 ${String(index).padStart(2, "0")}:14:35 +0100`,
      classification: "Sinus Rhythm",
      averageHeartRate: 63,
      samplingFrequency: 512,
      voltageMeasurements: samples,
      source: "ECG",
    }));
    const text = JSON.stringify({ data: { ecg } }, null, 4);
    expect(text.length).toBeGreaterThan(40_000_000);
    const packed = await gzip(text);
    expect(await push("health-auto-export", text)).toEqual([202, null]);
    await worked();
    const before = await kept();
    // Each of them takes seconds of processor time; a hundred fill as little as these.
    for (const again of [packed, text, packed]) {
      expect(await push("health-auto-export", again)).toEqual([202, null]);
    }
    await worked();
    expect(await kept()).toEqual(before);
  });
});
