/** Records of pushed bodies, made by ingest itself: what comes later changes the records that it belongs to. */
import { describe, expect, it } from "vitest";
import { CairnPerson } from "../../../test/support/cairn-person.ts";
import { givenBody } from "../../ingest/given.ts";
import { ingestGiven } from "../../ingest/ingest-given.ts";
import apple from "./index.ts";

const person = new CairnPerson();
let order = 0;

async function push(body: object, resource = "healthkit"): Promise<void> {
  order += 1;
  const bodies = [{ resource, key: `body-${order}`, body }];
  const given = givenBody({
    fetchOrder: String(order),
    path: "/v2/uploads/apple/healthkit",
    bodies,
    deleted: [],
  });
  await ingestGiven(await person.run({ kind: "given", fetches: [], body: given }, { provider: apple }));
}

const source = { name: "Apple Watch", bundle_id: "com.apple.health.1", product_type: "Watch7,5" };

const sample = (
  uuid: string,
  type: string,
  span: readonly [start: string, end: string],
  value: number,
  unit: string | null,
) => ({
  uuid: `7E0C1D3A-54B2-4F5E-9C1B-2F8A64D0B0${uuid}`,
  type,
  start: `2026-01-${span[0]}Z`,
  end: `2026-01-${span[1]}Z`,
  value,
  unit,
  zone: "Europe/Berlin",
  source,
});

const heartRate = (uuid: string, at: string, value: number) =>
  sample(uuid, "HKQuantityTypeIdentifierHeartRate", [at, at], value, "count/min");
const sleep = (uuid: string, from: string, to: string, value: number) =>
  sample(uuid, "HKCategoryTypeIdentifierSleepAnalysis", [from, to], value, null);
const flow = (uuid: string, day: string, start: number) => ({
  ...sample(uuid, "HKCategoryTypeIdentifierMenstrualFlow", [`${day}T11:00:00`, `${day}T11:00:00`], 2, null),
  metadata: { HKMenstrualCycleStart: start },
});

interface Row {
  readonly type: string;
  readonly natural_key: string;
  readonly revision: number;
  readonly summary: Record<string, Record<string, unknown>>;
}

/** Returns the person's records, by type and key. */
async function records(): Promise<Map<string, Row>> {
  const rows = await person.store.db
    .selectFrom("records")
    .selectAll()
    .where("user_id", "=", person.id.userId)
    .execute();
  return new Map(rows.map((row) => [`${row.type} ${row.natural_key}`, row as unknown as Row]));
}

describe("pushed samples", () => {
  it("make a night that grows over midnight, and a nap that is its own", async () => {
    await push({ samples: [sleep("01", "09T22:00:00", "09T23:30:00", 3)] });
    expect([...(await records()).keys()]).toEqual(["sleep 2026-01-10"]);
    await push({
      samples: [sleep("02", "09T23:30:00", "10T05:00:00", 4), sleep("03", "10T13:00:00", "10T13:40:00", 3)],
    });
    const made = await records();
    expect([...made.keys()].toSorted()).toEqual(["sleep 2026-01-10", "sleep 2026-01-10T13"]);
    expect(made.get("sleep 2026-01-10")?.summary.sleep_durations_data?.asleep).toMatchObject({
      duration_asleep_state_seconds: 7 * 3_600,
    });
  });

  it("that come after their workout and their night change both", async () => {
    const workout = {
      uuid: "7E0C1D3A-54B2-4F5E-9C1B-2F8A64D0B0A0",
      type: "HKWorkoutActivityTypeRunning",
      start: "2026-01-10T23:30:00Z",
      end: "2026-01-11T00:30:00Z",
      zone: "Europe/Berlin",
      source,
    };
    await push({ samples: [sleep("01", "10T01:00:00", "10T06:00:00", 3)], workouts: [workout] });
    await push({ samples: [heartRate("11", "10T02:00:00", 50), heartRate("12", "11T00:10:00", 150)] });
    const made = await records();
    const heartOf = (key: string) => made.get(key)?.summary.heart_rate_data?.summary;
    expect(heartOf("sleep 2026-01-10")).toMatchObject({ avg_hr_bpm: 50 });
    const [run = ""] = [...made.keys()].filter((key) => key.startsWith("activity"));
    expect(heartOf(run)).toMatchObject({ avg_hr_bpm: 150 });
    expect(heartOf("daily 2026-01-11")).toMatchObject({ avg_hr_bpm: 150 });
    expect(made.get(run)?.revision).toBe(2);
  });

  it("of a next cycle tell the length of the one before", async () => {
    await push({ samples: [flow("01", "02", 1), flow("02", "03", 0)] });
    await push({ samples: [flow("03", "30", 1)] });
    const made = await records();
    expect(made.get("menstruation 2026-01-03")?.summary.menstruation_data).toMatchObject({
      cycle_length_days: 28,
      day_in_cycle: 2,
    });
  });

  it("that are deleted take their records with them", async () => {
    await push({ samples: [heartRate("11", "10T02:00:00", 50)] });
    expect((await records()).has("daily 2026-01-10")).toBe(true);
    await push({ deleted: ["7E0C1D3A-54B2-4F5E-9C1B-2F8A64D0B011"] });
    expect((await records()).has("daily 2026-01-10")).toBe(false);
  });

  it("that tell no clock move to the day of the zone that the person chooses later", async () => {
    await push({ samples: [{ ...heartRate("11", "10T23:30:00", 50), zone: null }] });
    expect([...(await records()).keys()]).toEqual(["daily 2026-01-10"]);
    await push(
      { zone: "Europe/Berlin", priority: [], ignored: [], with_birth_date: false },
      "connection-settings",
    );
    expect([...(await records()).keys()]).toEqual(["daily 2026-01-11"]);
  });

  it("that are pushed again change nothing", async () => {
    const body = {
      samples: [heartRate("11", "10T02:00:00", 50), sleep("01", "10T01:00:00", "10T06:00:00", 3)],
    };
    await push(body);
    const before = await records();
    await push(body);
    expect([...(await records()).values()].map(({ revision }) => revision)).toEqual(
      [...before.values()].map(({ revision }) => revision),
    );
  });
});
