import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { DistributedDialect } from "../store/citus/dialect.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { createLogger } from "../telemetry/log.ts";
import { failure } from "./outcome.ts";

// Nothing connects.
const pool = new pg.Pool({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
afterAll(() => pool.end());

const refused = Object.assign(new Error("connection refused"), { code: "08006" });
const outcomeOn = (dialect: PostgresDialect) => {
  const store = { db: new Kysely<Tables>({ dialect }) } as Store;
  return failure({ log: createLogger("silent"), store }, { attempts: 3, priority: 2 } as FetchTask, refused);
};

describe("a try that our own database fails", () => {
  it("leaves its job on one server, which is handed out again", () => {
    expect(() => outcomeOn(new PostgresDialect({ pool }))).toThrow("The database cannot be reached");
  });

  it("waits on Citus, where it may be one node of several, and counts as no attempt", () => {
    const before = Date.now();
    const outcome = outcomeOn(new DistributedDialect({ pool }));
    expect(outcome).toMatchObject({ state: "accepted", code: "STORE_UNAVAILABLE", isPostponed: true });
    expect(outcome.nextAttemptAt?.getTime()).toBeGreaterThan(before + 20_000);
  });
});
