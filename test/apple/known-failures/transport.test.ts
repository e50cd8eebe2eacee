/** What phones send, and what they do with the answer: with a real server where the answer matters. */
import { afterAll, beforeAll, describe, expect } from "vitest";
import { exportOf, heartRate, readBytes } from "../../../src/providers/apple/formats/export/testing/read.ts";
import { Folded } from "../../../src/providers/apple/formats/testing/folded.ts";
import apple from "../../../src/providers/apple/index.ts";
import { type Hub, startHub } from "../../invented/hub.ts";
import { credentials } from "../../support/system.ts";
import { waitFor } from "../../support/wait.ts";
import { neutral, phone, quantity, records, sections, steps } from "./bodies.ts";
import { failure } from "./failures.ts";

type Json = ReturnType<typeof JSON.parse>;

let hub: Hub;
let userId = "";
let accessToken = "";
let uploadToken = "";

beforeAll(async () => {
  hub = await startHub(apple, {});
  const { body } = await hub.call("POST", "/v2/auth/tokens?reference_id=ada");
  const redeemed: Json = (
    await hub.call("POST", "/v2/auth/redeemToken", { token: body.token, provider: "APPLE" })
  ).body;
  [userId, uploadToken] = [redeemed.user_id, redeemed.upload_token];
  const tokens = await hub.call("POST", `/api/v1/users/${userId}/token`, {
    app_id: credentials.devId,
    app_secret: credentials.apiKey,
  });
  accessToken = String(tokens.body.access_token);
});
afterAll(() => hub.close());

const post = async (where: string, authorization: string, text: string): Promise<number> => {
  const headers = { authorization, "content-type": "application/json" };
  return (await fetch(hub.url + where, { method: "POST", headers, body: text })).status;
};
const sync = (...sent: readonly unknown[]) =>
  post(
    `/api/v1/sdk/users/${userId}/sync`,
    accessToken,
    JSON.stringify({
      provider: "apple",
      sdkVersion: "0.6.0",
      syncTimestamp: "2026-01-13T09:00:00Z",
      data: { records: sent },
    }),
  );
const record = (id: number, day: string, value: unknown) => ({
  id: `0000000A-0000-4000-8000-00000000000${id}`,
  type: "HKQuantityTypeIdentifierStepCount",
  startDate: `${day}T08:00:00Z`,
  endDate: `${day}T08:05:00Z`,
  value,
  unit: "count",
});

/** Returns the days that were delivered, with their steps. */
const delivered = (): Record<string, number> =>
  Object.fromEntries(
    hub
      .events("daily")
      .flatMap(({ body }) => (body as Json).data)
      .map((one: Json) => [one.metadata.start_time.slice(0, 10), one.distance_data.steps]),
  );
const arrival = (day: string) => waitFor(day, () => delivered()[day]);

const at = (time: string) => `2026-01-10 ${time} +0100`;

describe("transport", () => {
  failure(51, "the batch is accepted, and the bad record alone falls out", async () => {
    const bad = [
      null,
      7,
      { id: "x" },
      record(1, "no day", 5),
      { ...record(2, "2026-01-10", 5), unit: "furlong" },
    ];
    expect(await sync(...bad, record(3, "2026-01-10", 120))).toBe(202);
    expect(await arrival("2026-01-10")).toBe(120);
  });

  failure(52, "each answer is a success, the batch is kept once, and the next one follows", async () => {
    const same = [record(4, "2026-01-11", 99), { type: "nonsense" }];
    for (let time = 0; time < 3; time++) expect(await sync(...same)).toBe(202);
    expect(await sync(record(5, "2026-01-12", 7))).toBe(202);
    expect([await arrival("2026-01-11"), await arrival("2026-01-12")]).toEqual([99, 7]);
    const [kept] = await hub.query(
      "SELECT count(*)::int AS bodies FROM raw_payloads WHERE resource = 'open-wearables'",
    );
    expect(kept).toEqual({ bodies: 3 });
  });

  failure(53, "it is accepted, and each recording is there with its own words", async () => {
    const voltageMeasurements = Array.from({ length: 15_360 }, (_, index) => ({
      date: "2026-01-10 21:14:05.123 +0100",
      voltage: (index % 700) - 349.123456789,
      units: "mcV",
    }));
    const ecg = Array.from({ length: 20 }, (_, index) => ({
      start: at(`${String(index).padStart(2, "0")}:14:05`),
      end: at(`${String(index).padStart(2, "0")}:14:35`),
      classification: "Ritmo sinusal",
      averageHeartRate: 63,
      samplingFrequency: 512,
      voltageMeasurements,
      source: "ECG",
    }));
    const body = { data: { metrics: [], ecg } };
    // The app indents its JSON.
    const text = JSON.stringify(body, null, 4);
    expect(text.length).toBeGreaterThan(42_700_000);
    const metrics = "/v2/uploads/apple/health-auto-export";
    expect(await post(metrics, `Bearer ${uploadToken}`, text)).toBe(202);
    const record = await waitFor("the recordings", () =>
      hub
        .events("body")
        .flatMap((event) => (event.body as Json).data)
        .find((one: Json) => one.provider_data?.apple.ecgs?.length === 20),
    );
    expect(record.provider_data.apple.ecgs[0].classification).toBe("Ritmo sinusal");
  });

  failure(54, "they are kept as written and counted, and no English word is expected", () => {
    const body = sections({
      symptoms: [{ name: "Dolor de cabeza", severity: "Leve", start: at("08:00:00"), end: at("09:00:00") }],
      cycleTracking: [
        { name: "Flujo menstrual", value: "Ligero", start: at("12:00:00"), end: at("12:00:00") },
      ],
    });
    const folded = new Folded(body);
    expect(
      folded.items("journal").map(({ fields }) => [fields.name, fields.severity ?? fields.value]),
    ).toEqual([
      ["Dolor de cabeza", "Leve"],
      ["Flujo menstrual", "Ligero"],
    ]);
    expect(folded.unread?.unreadable).toEqual(["data.cycleTracking[].value"]);
    expect(records("menstruation", body).size).toBe(0);
  });

  failure(55, "both forms are kept, and neither is unknown", () => {
    const span = { start: at("06:48:37"), end: at("06:58:37") };
    const documented = { ...span, heartRate: [{ hr: 44, units: "bpm", timestamp: span }] };
    const real = {
      ...span,
      heartNotification: "low_heart_rate_notification",
      threshold: 45,
      heartRateData: [{ date: 1_768_024_117, qty: 44, source: { name: "Apple Watch" } }],
    };
    const folded = new Folded(sections({ heartRateNotifications: [documented, real] }));
    expect(folded.items("journal")).toHaveLength(2);
    expect(folded.unread).toMatchObject({ value: {}, unreadable: [] });
  });

  failure(56, "they are read as numbers, and a text that is none makes no value", () => {
    const samples = [
      quantity("StepCount", "2026-01-10T09:00/09:10", "7961", "count", phone),
      quantity("StepCount", "2026-01-10T10:00/10:10", "39", "count", phone),
      quantity("StepCount", "2026-01-10T11:00/11:10", "many", "count", phone),
    ];
    expect(steps(neutral({ samples }))).toEqual({ "2026-01-10": 8_000 });
  });

  failure(57, "a batch is one day, the newest first, however many years there are", async () => {
    const year = (number: number) =>
      Array.from({ length: 300 }, (_, index) =>
        heartRate("09:00:00", 61).replaceAll(
          "2026-01-10",
          new Date(Date.UTC(number, 0, 1 + index)).toISOString().slice(0, 10),
        ),
      );
    const { parts } = await readBytes(exportOf(...[2016, 2024, 2020].flatMap(year)));
    const days = parts.map(({ key }) => key.slice(0, 10));
    expect(days).toHaveLength(900);
    expect(days).toEqual(days.toSorted().toReversed());
    expect(parts.every(({ value }) => value.samples.length === 1)).toBe(true);
  });
});
