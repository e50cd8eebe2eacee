/** Every field of the list of Garmin's models is given by the sandbox, in the body that has it. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSandboxes, startSandboxes } from "../start.ts";
import garmin from "./index.ts";

const file = path.join(
  import.meta.dirname,
  "../../../../shared/reference/providers/garmin-personal-fields.json",
);
type Types = Readonly<Record<string, Readonly<Record<string, string>>>>;
const types: Types = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).types : {};

const date = "2025-06-14";
const range = "2025-05-18/2025-06-14";
const query = "startDate=2025-05-18&endDate=2025-06-14";

/** The paths, with the model of what each answers, or of the items of a list. */
const paths: readonly (readonly [path: string, model: string])[] = [
  [`/usersummary-service/usersummary/daily?calendarDate=${date}`, "UserDailySummary"],
  [`/usersummary-service/v2/dailysummaries?${query}`, "UserDailySummaryV2List"],
  [`/usersummary-service/stats/steps/daily/${range}`, "StepsDailyStat"],
  [`/usersummary-service/stats/stress/daily/${range}`, "MultiValueWellnessChartItem"],
  [`/usersummary-service/stats/hydration/daily/${range}`, "UserDailyHydration"],
  [`/wellness-service/wellness/dailyHeartRate?date=${date}`, "DailyHeartRate"],
  [`/wellness-service/wellness/bodyBattery/reports/daily?${query}`, "BodyBatteryDailyReport"],
  [`/wellness-service/wellness/daily/spo2acclimation/${date}`, "DailySpO2AndAcclimation"],
  [`/hrv-service/hrv/${date}`, "HrvChart"],
  [`/hrv-service/hrv/daily/${range}`, "HrvDailySummary"],
  [`/sleep-service/sleep/dailySleepSummariesByDate?${query}`, "DailySleep"],
  [`/weight-service/weight/range/2025-06-01/${date}?includeAll=true`, "WeightRange"],
  [`/goal-service/goal/user/effective/weightgoal/${range}`, "UserGoalsRange"],
  [`/fitnessage-service/fitnessage/v2/${date}`, "FitnessAge"],
  ["/biometric-service/heartRateZones/v2", "HeartRateZones"],
  [`/nutrition-service/food/logs/2025-06-12`, "DailyNutritionSummary"],
  [`/periodichealth-service/menstrualcycle/summary/${date}`, "MenstrualCycleSummary"],
  [`/periodichealth-service/menstrualcycle/dayview/${date}`, "DetailedMenstrualCycleDay"],
  [`/wellnessactivity-service/activity/summary/range/${range}`, "WellnessActivitySummary"],
  ["/userprofile-service/userprofile/settings", "UserSettings"],
];

const modelOf = (type: string): string => /^list\[(.+)\]$/.exec(type)?.[1] ?? type;

/** Collects the fields that a value gives of each model, and those that no model has. */
class Given {
  readonly of = new Map<string, Set<string>>();
  readonly unknown = new Set<string>();

  add(value: unknown, model: string): void {
    if (Array.isArray(value)) for (const item of value) this.add(item, model);
    const fields = types[model];
    if (fields === undefined || typeof value !== "object" || value === null || Array.isArray(value)) return;
    const given = this.of.get(model) ?? new Set();
    this.of.set(model, given);
    for (const [name, inner] of Object.entries(value)) {
      given.add(name);
      const type = fields[name];
      if (type === undefined) this.unknown.add(`${model}.${name}`);
      else this.add(inner, modelOf(type));
    }
  }
}

describe.skipIf(!existsSync(file))("fields (needs the list in ../shared/reference/providers)", () => {
  let sandboxes: RunningSandboxes;
  const given = new Given();

  beforeAll(async () => {
    sandboxes = await startSandboxes({ port: 0, plugins: [garmin], now: new Date(`${date}T21:00:00Z`) });
    const { url, controlUrl } = sandboxes.named("garmin");
    const post = async (where: string, body: object = {}, headers = {}) =>
      (await fetch(where, { method: "POST", headers, body: JSON.stringify(body) })).text();
    await fetch(`${controlUrl}/limits`, { method: "PUT", body: JSON.stringify({ parallel: 9, burst: 999 }) });
    const { user_id } = JSON.parse(await post(`${controlUrl}/users`, { pregnant: true }));
    await post(`${controlUrl}/users/${user_id}/generate`, { days: 200, seed: 2 });
    const { key } = JSON.parse(await post(`${controlUrl}/users/${user_id}/keys`));
    const exchange = `${url}/personalapitoken-service/personal-api/personal-api-key/token`;
    const token = await post(exchange, {}, { authorization: `ApiKey ${key}` });
    const read = async (where: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token.trim()}` };
      const answer = await fetch(url + where, { headers });
      expect([where, answer.status]).toEqual([where, 200]);
      return answer.json();
    };
    for (const [where, model] of paths) given.add(await read(where), model);
    for (let start = 0; start < 400; start += 20) {
      const search = "/activitylist-service/activities/search/activities";
      const page = (await read(`${search}?limit=20&start=${start}`)) as { activityId: number }[];
      given.add(page, "SummarizedActivity");
      for (const { activityId } of page) {
        given.add(await read(`/activity-service/activity/${activityId}`), "ActivitySummary");
        given.add(await read(`/activity-service/activity/${activityId}/workouts`), "ActivityWorkout");
      }
      if (page.length < 20) break;
    }
  }, 120_000);
  afterAll(() => sandboxes.close());

  it.each(Object.keys(types))("of %s are all given", (model) => {
    const fields = Object.keys(types[model] ?? {});
    expect(fields.filter((name) => !given.of.get(model)?.has(name))).toEqual([]);
  });

  it("are none but those of the list", () => {
    expect([...given.unknown]).toEqual([]);
  });
});
