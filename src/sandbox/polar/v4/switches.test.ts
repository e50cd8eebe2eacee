import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Linked, Receiver, until } from "../testing/world.ts";
import { type Switches, switchDocs, usualSwitches } from "./switches.ts";
import { codeFor, type DynamicWorld, exchanged, renewed, startDynamic } from "./testing/world.ts";

let dynamic: DynamicWorld;
beforeAll(async () => {
  dynamic = await startDynamic();
  await dynamic.world.call(`/_sandbox/users/${dynamic.id}/generate`, { method: "POST", body: { days: 8 } });
});
afterEach(() => dynamic.turn({}));
afterAll(() => dynamic.close());

type Json = Record<string, unknown>;

const turn = (switches: Partial<Switches>) => dynamic.turn(switches);
const read = async (where: string) => (await dynamic.get(where)).json();
const reply = async () => (await exchanged(dynamic.world, await codeFor(dynamic.world, dynamic.id))).json();
/** The names of the switches that a test has turned. */
const covered = new Set<string>();
const of = (...names: (keyof Switches)[]) => {
  for (const name of names) covered.add(name);
  return names.join(", ");
};

const DAY = "from=2025-09-27&to=2025-09-28";
const RUN = "/training-sessions/list?from=2025-09-28T00:00:00&to=2025-09-29T00:00:00";

async function session(features: string): Promise<{ session: Json; exercise: Json }> {
  const { trainingSessions } = await read(`${RUN}${features.replace(/(^|,)/g, "&features=")}`);
  const [found = {}] = trainingSessions as Json[];
  return { session: found, exercise: (found.exercises as Json[])[0] ?? {} };
}

describe("the control side", () => {
  test("lists, turns and resets; a wrong name or value is refused and changes nothing", async () => {
    const { world } = dynamic;
    const turned = await turn({ expires_in: 43_199, wrapper: "swagger" });
    expect(turned.json()).toEqual({
      switches: { ...usualSwitches(), expires_in: 43_199, wrapper: "swagger" },
    });
    for (const body of [{ wrapper: "double" }, { unheard_of: 1 }, [], { broken_days: ["today"] }]) {
      const refused = await world.call("/_sandbox/v4/switches", { method: "PUT", body });
      expect([refused.status, refused.json().error]).toEqual([400, expect.any(String)]);
    }
    const { switches, docs } = (await world.call("/_sandbox/v4/switches")).json();
    expect(switches).toMatchObject({ expires_in: 43_199 });
    expect(docs).toEqual(switchDocs());
    expect((await turn({})).json()).toEqual({ switches: usualSwitches() });
  });

  test("the README's table is the code's", () => {
    const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");
    const rows = switchDocs().map(
      ({ name, values, usual, about }) =>
        `| \`${name}\` | ${values} | \`${JSON.stringify(usual)}\` | ${about.replaceAll("|", "\\|")} |`,
    );
    const table = readme.split("\n").filter((line) => /^\| `[a-z0-9_]+` \| [^|]+ \| `[^|]+` \| /.test(line));
    expect(table).toEqual(rows);
  });
});

describe("tokens", () => {
  test(of("expires_in", "scope_in_reply", "x_user_id"), async () => {
    await turn({ expires_in: 60, scope_in_reply: "absent", x_user_id: "absent" });
    expect(Object.keys(await reply()).sort()).toEqual([
      "access_token",
      "expires_in",
      "jti",
      "refresh_token",
      "token_type",
    ]);
    await turn({ x_user_id: "other", expires_in: 43_199 });
    expect(await reply()).toMatchObject({ x_user_id: dynamic.id + 40_000_000, expires_in: 43_199 });
  });

  test(of("expires_in_reply"), async () => {
    const said = async (expires_in_reply: Switches["expires_in_reply"]) => {
      await turn({ expires_in_reply });
      return (await reply()).expires_in;
    };
    expect(await said("absent")).toBeUndefined();
    expect(await said("text")).toBe("3599");
    expect([await said("zero"), await said("negative"), await said("huge")]).toEqual([0, -1, 9e15]);
  });

  test(of("refresh_rotation"), async () => {
    const renewals = async (rotation: Switches["refresh_rotation"]) => {
      await turn({ refresh_rotation: rotation });
      const first = String((await reply()).refresh_token);
      const second = (await renewed(dynamic.world, first)).json().refresh_token;
      const third = (await renewed(dynamic.world, String(second ?? first))).json().refresh_token;
      return [second, third].map((one) => (one === undefined ? "none" : one === first ? "old" : "new"));
    };
    expect(await renewals("always")).toEqual(["new", "new"]);
    expect(await renewals("sometimes")).toEqual(["none", "new"]);
    expect(await renewals("never")).toEqual(["none", "none"]);
    expect(await renewals("repeated")).toEqual(["old", "old"]);
  });

  test(of("old_refresh_token"), async () => {
    const old = async (behaviour: Switches["old_refresh_token"]) => {
      await turn({ old_refresh_token: behaviour });
      const first = String((await reply()).refresh_token);
      const second = String((await renewed(dynamic.world, first)).json().refresh_token);
      const again = (await renewed(dynamic.world, first)).status;
      return [again, (await renewed(dynamic.world, second)).status];
    };
    expect(await old("refused")).toEqual([400, 200]);
    expect(await old("works")).toEqual([200, 200]);
    expect(await old("ends-grant")).toEqual([400, 400]);
  });
});

describe("v3 with a token of v4", () => {
  const newcomer = async (): Promise<Linked> => {
    const id = await dynamic.world.person();
    const { access_token } = (await exchanged(dynamic.world, await codeFor(dynamic.world, id))).json();
    return { id, token: String(access_token) };
  };
  const status = async (who: Linked) => (await dynamic.world.as(who, "/v3/exercises")).status;
  const register = async (who: Linked) => {
    const body = { "member-id": `member-${who.id}` };
    return (await dynamic.world.as(who, "/v3/users", { method: "POST", body })).status;
  };

  test(of("v3_accepts_v4_token", "v3_registers_v4_token"), async () => {
    const outcomes = async (switches: Partial<Switches>) => {
      await turn(switches);
      const who = await newcomer();
      return [await status(who), await register(who), await status(who)];
    };
    expect(await outcomes({})).toEqual([403, 200, 200]);
    expect(await outcomes({ v3_accepts_v4_token: "always" })).toEqual([200, 200, 200]);
    expect(await outcomes({ v3_accepts_v4_token: "never" })).toEqual([401, 401, 401]);
    expect(await outcomes({ v3_registers_v4_token: false })).toEqual([403, 401, 403]);
  });

  test(of("v3_delete_ends_v4_grant"), async () => {
    const after = async (ends: boolean) => {
      await turn({ v3_delete_ends_v4_grant: ends });
      const who = await newcomer();
      await register(who);
      await dynamic.world.as(who, `/v3/users/${who.id}`, { method: "DELETE" });
      return [await status(who), (await dynamic.get("/hello", who.token)).status];
    };
    expect(await after(false)).toEqual([403, 200]);
    expect(await after(true)).toEqual([401, 401]);
  });

  test(of("v3_webhooks_for_v4_consent"), async () => {
    const receiver = await Receiver.start();
    const body = { url: receiver.url, events: ["SLEEP"] };
    await dynamic.world.asClient("/v3/webhooks", { method: "POST", body });
    const who = await newcomer();
    await register(who);
    await dynamic.world.put(who.id, "sleep", { date: "2025-10-01" });
    await until(() => receiver.received.length === 2);
    expect(receiver.received.at(-1)?.json).toMatchObject({ event: "SLEEP", user_id: who.id });
    await turn({ v3_webhooks_for_v4_consent: false });
    expect((await dynamic.world.put(who.id, "sleep", { date: "2025-10-01" })).json().notified).toBe(0);
    const v3 = await dynamic.world.linked();
    expect((await dynamic.world.put(v3.id, "sleep", { date: "2025-10-01" })).json().notified).toBe(1);
    await receiver.close();
  });
});

describe("outer shapes", () => {
  test(of("wrapper"), async () => {
    const paths = [
      `/activity/list?${DAY}`,
      `/sleeps?${DAY}`,
      `/nightly-recharge-results?${DAY}`,
      "/user/account-data",
    ];
    const keys = async () =>
      Promise.all(
        paths.map(async (where) => {
          const body = await read(where);
          const [outer = ""] = Object.keys(body);
          const inner = body[outer];
          return `${outer}.${Array.isArray(inner) ? "" : Object.keys(inner as object)[0]}`;
        }),
      );
    expect(await keys()).toEqual([
      "activityDays.",
      "nightSleeps.",
      "nightlyRechargeResults.",
      "physicalInformation.birthday",
    ]);
    await turn({ wrapper: "swagger" });
    expect(await keys()).toEqual([
      "activities.activityDays",
      "nightSleeps.",
      "nightlyRechargeResults.nightlyRechargeResults",
      "accountData.physicalInformation",
    ]);
    await turn({ wrapper: "unknown" });
    expect(await keys()).toEqual(["page.items", "page.items", "page.items", "page.item"]);
    await turn({ wrapper: "object" });
    expect((await keys()).slice(0, 3)).toEqual([
      "activityDays.items",
      "nightSleeps.items",
      "nightlyRechargeResults.items",
    ]);
  });

  test(of("sports_list", "sports_id", "sports_empty"), async () => {
    const list = async (switches: Partial<Switches>) => {
      await turn(switches);
      return JSON.parse((await dynamic.get("/sports/list")).text) as Json[] & { sports?: Json[] };
    };
    expect((await list({}))[0]).toMatchObject({ id: { id: 1 }, name: "RUNNING" });
    expect((await list({ sports_list: "object" })).sports?.[0]).toMatchObject({ id: { id: 1 } });
    expect((await list({ wrapper: "swagger" })).sports?.[0]).toMatchObject({ id: { id: 1 } });
    expect((await list({ sports_id: "number" }))[0]).toMatchObject({ id: 1 });
    expect((await list({ sports_id: "string" }))[0]).toMatchObject({ id: "1" });
    expect((await list({ sports_id: "identifier" }))[0]).toMatchObject({ identifier: { id: "1" } });
    expect(await list({ sports_empty: true })).toEqual([]);
  });

  test(of("empty"), async () => {
    const nothing = async (empty: Switches["empty"]) => {
      await turn({ empty });
      const { status, text } = await dynamic.get("/sleeps?from=2020-01-01&to=2020-01-02");
      return [status, text];
    };
    expect(await nothing("empty-list")).toEqual([200, '{"nightSleeps":[]}']);
    expect(await nothing("empty-object")).toEqual([200, "{}"]);
    expect(await nothing("no-content")).toEqual([204, ""]);
    expect(await nothing("not-found")).toEqual([404, '{"errorMessage":"No data found"}']);
    await turn({ empty: "no-content", sports_empty: true });
    expect((await dynamic.get("/sports/list")).status).toBe(204);
  });

  test(of("refusal_body", "rate_headers", "retry_after"), async () => {
    const headers = async () => {
      const answer = await dynamic.get("/hello");
      return ["ratelimit-limit", "retry-after"].map((name) => answer.headers.get(name));
    };
    await turn({ refusal_body: "error", rate_headers: "single" });
    expect((await dynamic.get("/nothing")).json()).toEqual({ error: expect.any(String) });
    expect(await headers()).toEqual(["3000", null]);
    await turn({ rate_headers: "none", retry_after: true });
    expect(await headers()).toEqual([null, null]);
    await dynamic.world.call("/_sandbox/faults", {
      method: "POST",
      body: { kind: "rate-limit", times: 1, reset_seconds: 7 },
    });
    expect(await headers()).toEqual([null, "7"]);
  });
});

describe("sessions", () => {
  test(of("lap_split_time"), async () => {
    const splits = async (form: Switches["lap_split_time"]) => {
      await turn({ lap_split_time: form });
      const laps = (await session("laps")).exercise.laps as {
        autoLaps: { splitTimeMillis: number; durationMillis: number }[];
      };
      return laps.autoLaps.slice(0, 2).map((lap) => [lap.splitTimeMillis, lap.durationMillis]);
    };
    const ends = await splits("end");
    const starts = await splits("start");
    expect(starts[0]?.[0]).toBe(0);
    expect(starts[1]?.[0]).toBe(ends[0]?.[0]);
    expect(ends[0]?.[0]).toBe(ends[0]?.[1]);
  });

  test(of("training_load_report"), async () => {
    const first = await session("training-load-report");
    expect([first.session.trainingLoadReport, first.exercise.trainingLoadReport]).toEqual([
      expect.objectContaining({ cardioLoad: expect.any(Number) }),
      undefined,
    ]);
    await turn({ training_load_report: "exercise" });
    const other = await session("training-load-report");
    expect([other.session.trainingLoadReport, other.exercise.trainingLoadReport]).toEqual([
      undefined,
      first.session.trainingLoadReport,
    ]);
  });

  test(of("sample_gaps", "rr_offline"), async () => {
    const samples = async (switches: Partial<Switches>) => {
      await turn(switches);
      const found = (await session("samples")).exercise.samples as {
        samples: { type: string; values: unknown[] }[];
        rrSamples: Json[];
      };
      return { value: found.samples[0]?.values[50], beat: found.rrSamples[0] ?? {} };
    };
    const usual = await samples({});
    expect([usual.value, Object.keys(usual.beat)]).toEqual([expect.any(Number), ["durationMillis"]]);
    expect((await samples({ sample_gaps: "null" })).value).toBeNull();
    expect((await samples({ sample_gaps: "nan" })).value).toBe("NaN");
    expect((await samples({ rr_offline: "present" })).beat).toMatchObject({ offline: false });
  });

  test(of("exercise_stop"), async () => {
    const apart = async () => {
      const { session: whole, exercise } = await session("zones");
      return Date.parse(`${whole.stopTime}Z`) - Date.parse(`${exercise.stopTime}Z`);
    };
    expect(await apart()).toBe(5_000);
    await turn({ exercise_stop: "same" });
    expect(await apart()).toBe(0);
  });
});

describe("days and nights", () => {
  test(of("history"), async () => {
    await dynamic.world.put(dynamic.id, "v4-sleeps", { sleepDate: "2025-06-01" });
    const nights = async () =>
      ((await read("/sleeps?from=2025-06-01&to=2025-06-02")).nightSleeps as unknown[]).length;
    expect(await nights()).toBe(1);
    await turn({ history: "90-days" });
    expect(await nights()).toBe(0);
  });

  test(of("broken_days"), async () => {
    await turn({ broken_days: ["2025-09-27"] });
    const path_ = `/nightly-recharge-results?${DAY}`;
    const broken = await dynamic.get(`${path_}&features=samples`);
    expect([broken.status, broken.json()]).toEqual([500, { errorMessage: "Unexpected error occurred" }]);
    expect((await dynamic.get(path_)).status).toBe(200);
    expect(
      (await dynamic.get("/nightly-recharge-results?from=2025-09-28&to=2025-09-29&features=samples")).status,
    ).toBe(200);
  });

  test(of("recharge_zeros"), async () => {
    const breathing = async () => {
      const { nightlyRechargeResults } = await read(`/nightly-recharge-results?${DAY}`);
      return (nightlyRechargeResults as Json[])[0]?.meanNightlyRecoveryRespirationInterval as number;
    };
    expect(await breathing()).toBe(0);
    await turn({ recharge_zeros: false });
    expect(await breathing()).toBeGreaterThan(3_500);
  });

  test(of("ppi_spill", "ppi_hours"), async () => {
    const dates = async () => {
      const { dailyPpiSamples } = await read(`/ppi-samples?${DAY}&features=samples`);
      return (dailyPpiSamples as Json[]).map(({ date }) => date);
    };
    expect(await dates()).toEqual(["2025-09-27"]);
    await turn({ ppi_spill: true });
    expect(await dates()).toEqual(["2025-09-27", "2025-09-28"]);
    const size = async (hours: Switches["ppi_hours"]) => {
      await turn({ ppi_hours: hours });
      return (await dynamic.get(`/ppi-samples?${DAY}&features=samples`)).text.length;
    };
    const [hour, night, day] = [await size("hour"), await size("night"), await size("day")];
    expect(night).toBeGreaterThan(4 * hour);
    expect(day).toBeGreaterThan(2 * night);
    expect(day).toBeGreaterThan(6_000_000);
  });

  test(of("devices"), async () => {
    const steps = async () => {
      const { activityDays } = await read(`/activity/list?${DAY}&features=samples`);
      const [day = {}] = activityDays as Json[];
      const devices = day.activitiesPerDevice as {
        activitySamples: { stepSamples: { steps: number[] } }[];
      }[];
      return devices.map(({ activitySamples }) =>
        activitySamples
          .flatMap(({ stepSamples }) => stepSamples.steps)
          .reduce((sum, count) => sum + count, 0),
      );
    };
    const [only = 0, ...none] = await steps();
    expect(none).toEqual([]);
    await turn({ devices: "two" });
    const [first, second = 0] = await steps();
    expect(first).toBe(only);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThan(only);
  });
});

test("every switch has a test above", () => {
  expect([...covered].sort()).toEqual(Object.keys(usualSwitches()).sort());
});
