import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, updateConnection } from "../../store/connections.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
let connection: Connection;

const days = ["2025-10-01", "2025-10-02", "2025-10-03"];
const starts = days.map((day) => `${day}T23:30:00.000000+09:00`);

beforeAll(async () => {
  api = await startTestApi();
  connection = await connect(api.store, api.environment, { referenceId: "me" });
  // Stored in another order than they started.
  for (const index of [1, 2, 0]) {
    await keep(api.store, connection, "activity", activity(starts[index] ?? "", 5, `run-${index}`));
  }
});
afterAll(() => api.close());

interface Run {
  readonly metadata: { readonly summary_id: string };
  readonly heart_rate_data: { readonly detailed: { readonly hr_samples: unknown[] } };
}

const read = (query: string, type = "activity", user = connection) =>
  api.call(`/v2/${type}?user_id=${user.user_id}&to_webhook=false&${query}`);
const idsOf = ({ body }: Awaited<ReturnType<typeof read>>) =>
  (body.data as Run[]).map((run) => run.metadata.summary_id);

describe("an inline read", () => {
  test("returns the type, the user, and the records by their start", async () => {
    const answer = await read("start_date=2025-10-01&end_date=2025-10-03");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.body).toMatchObject({
      status: "success",
      type: "activity",
      user: { user_id: connection.user_id, provider: "POLAR", reference_id: "me" },
    });
    expect(idsOf(answer)).toEqual(["run-0", "run-1", "run-2"]);
  });

  test("includes both days, by the person's own clock", async () => {
    expect(idsOf(await read("start_date=2025-10-02&end_date=2025-10-03"))).toEqual(["run-1", "run-2"]);
    expect(idsOf(await read("start_date=2025-10-01&end_date=2025-10-01"))).toEqual(["run-0"]);
    expect(idsOf(await read("start_date=2025-10-02&end_date=2025-10-02"))).toEqual(["run-1"]);
  });

  test("sorts the records of a day by the person's clock", async () => {
    const runner = await connect(api.store, api.environment);
    for (const hour of ["18", "06", "12"]) {
      const run = activity(`2025-10-01T${hour}:00:00.000000+02:00`, 0, `at-${hour}`);
      await keep(api.store, runner, "activity", run);
    }
    for (const query of ["start_date=2025-10-01", "start_date=2025-10-01&with_samples=true"]) {
      expect(idsOf(await read(query, "activity", runner))).toEqual(["at-06", "at-12", "at-18"]);
    }
  });

  test("accepts unix seconds too", async () => {
    const unix = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1_000;
    const query = `start_date=${unix("2025-10-01")}&end_date=${unix("2025-10-02")}`;
    expect(idsOf(await read(query))).toEqual(["run-0", "run-1"]);
  });

  test("without an end reaches to now", async () => {
    expect(idsOf(await read("start_date=2025-10-02"))).toEqual(["run-1", "run-2"]);
  });

  test("contains samples only on request", async () => {
    const samplesOf = async (query: string) =>
      ((await read(`start_date=2025-10-01&${query}`)).body.data as Run[]).map(
        (run) => run.heart_rate_data.detailed.hr_samples.length,
      );
    expect(await samplesOf("")).toEqual([0, 0, 0]);
    expect(await samplesOf("with_samples=false")).toEqual([0, 0, 0]);
    expect(await samplesOf("with_samples=true")).toEqual([5, 5, 5]);
    expect(await samplesOf("with_samples=True")).toEqual([5, 5, 5]);
  });

  test("reads the samples only on request", async () => {
    const { user_id } = connection;
    const { db } = api.store;
    const kept = await db.selectFrom("records").select(["natural_key", "detailed"]).execute();
    await db
      .updateTable("records")
      .set({ detailed: Buffer.from("not zstd") })
      .execute();
    try {
      expect(idsOf(await read("start_date=2025-10-01"))).toHaveLength(3);
      expect((await read("start_date=2025-10-01&with_samples=true")).status).toBe(500);
    } finally {
      for (const { natural_key, detailed } of kept) {
        const row = db.updateTable("records").set({ detailed }).where("natural_key", "=", natural_key);
        await row.where("user_id", "=", user_id).execute();
      }
    }
  });

  test("before the first record is an empty answer", async () => {
    const answer = await read("start_date=2001-10-01&end_date=2001-12-01");
    expect([answer.status, answer.body.data]).toEqual([200, []]);
    expect((await read("start_date=2001-10-01&end_date=2001-12-01&with_samples=true")).body.data).toEqual([]);
  });

  test("of tens of megabytes arrives complete and in order", async () => {
    const runner = await connect(api.store, api.environment);
    const runs = Array.from({ length: 12 }, (_, index) => {
      const day = `2025-06-${String(index + 1).padStart(2, "0")}`;
      return activity(`${day}T10:00:00.000000+02:00`, 25_000, `long-${index}`);
    });
    for (const run of runs) await keep(api.store, runner, "activity", run);
    const answer = await read(
      "start_date=2025-06-01&end_date=2025-06-30&with_samples=true",
      "activity",
      runner,
    );
    expect(answer.text.length).toBeGreaterThan(20_000_000);
    expect(answer.body.data).toEqual(runs);
  });

  test("a paused or revoked user's data can still be read", async () => {
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    await updateConnection(api.store.db, id, { state: "revoked", active: false });
    expect(idsOf(await read("start_date=2025-10-01"))).toHaveLength(3);
    await updateConnection(api.store.db, id, { state: "active", active: true });
  });
});

describe("a read is refused", () => {
  const days = "start_date=2025-10-01&end_date=2025-10-02";

  test("for a type the provider does not have", async () => {
    for (const type of ["nutrition", "menstruation"]) {
      const answer = await read(days, type);
      expect([answer.status, answer.body.code]).toEqual([404, "DATA_TYPE_UNSUPPORTED"]);
      expect(answer.body.details).toEqual({ provider: "POLAR", type });
    }
  });

  test("for an unknown user", async () => {
    for (const id of ["00000000-0000-4000-8000-000000000000", "someone"]) {
      const answer = await api.call(`/v2/sleep?user_id=${id}&${days}&to_webhook=false`);
      expect([answer.status, answer.body.code]).toEqual([404, "USER_NOT_FOUND"]);
    }
  });

  test("for invalid dates", async () => {
    const wrong = await read("start_date=yesterday");
    expect([wrong.status, wrong.body.code, wrong.body.detail]).toEqual([
      400,
      "DATE_INVALID",
      "invalid start_date: a date is YYYY-MM-DD, or ten-digit unix seconds",
    ]);
    expect((await read("start_date=2025-10-1&end_date=2025-10-9")).status).toBe(200);
    expect((await read("start_date=2025-10-01&end_date=2025-02-30")).body).toMatchObject({
      message: "invalid end_date",
      detail: "invalid end_date: a date is YYYY-MM-DD, or ten-digit unix seconds",
    });
    expect((await read("start_date=2025-10-02&end_date=2025-10-01")).body.code).toBe("DATE_RANGE_REVERSED");
  });

  test("for parameters that are missing or not valid", async () => {
    expect((await read("end_date=2025-10-01")).body.code).toBe("REQUEST_INVALID");
    expect((await api.call(`/v2/activity?${days}`)).body.code).toBe("REQUEST_INVALID");
    expect((await read(`${days}&with_samples=maybe`)).body.code).toBe("REQUEST_INVALID");
    expect((await read(`${days}&start_date=2025-10-02`)).body.code).toBe("REQUEST_INVALID");
  });
});

describe("an athlete", () => {
  test("is one object", async () => {
    const athlete = { first_name: "Jo", city: "Oulu" };
    await keep(api.store, connection, "athlete", athlete);
    const answer = await read("", "athlete");
    expect(answer.body).toMatchObject({
      status: "success",
      type: "athlete",
      user: { provider: "POLAR" },
      athlete,
    });
  });

  test("without any data has every field, as null", async () => {
    const withoutProfile = await connect(api.store, api.environment);
    const { athlete } = (await read("", "athlete", withoutProfile)).body as {
      athlete: Record<string, unknown>;
    };
    expect(athlete).toHaveProperty("first_name", null);
    expect(new Set(Object.values(athlete))).toEqual(new Set([null]));
  });
});
