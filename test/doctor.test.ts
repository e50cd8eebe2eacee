/** `systole doctor`: each thing that can be wrong is made wrong once. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examine } from "../src/doctor/examine.ts";
import type { Finding } from "../src/doctor/finding.ts";
import { KeyRing } from "../src/security/key-ring.ts";
import { checkSecretKey } from "../src/store/database-facts.ts";
import { putDue } from "../src/store/due-deliveries.ts";
import { newId } from "../src/store/identifiers.ts";
import { newAuthority } from "./support/certificates.ts";
import { createEnvironment, createTestDatabase, startTestStore, type TestStore } from "./support/database.ts";
import { runSystole } from "./support/process.ts";

const never = new AbortController().signal;

let directory: string;
let test: TestStore;
let environmentId: string;
const key = randomBytes(32);
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-doctor-"));
  test = await startTestStore();
  await checkSecretKey(test.store.db, new KeyRing(key));
  ({ environmentId } = await createEnvironment(test.store));
});
afterAll(async () => {
  await test.close();
  rmSync(directory, { recursive: true, force: true });
});

const settings = (more: Record<string, string> = {}): Record<string, string> => ({
  DATABASE_URL: test.connectionString,
  SYSTOLE_SECRET_KEY: key.toString("base64"),
  SYSTOLE_DATA_DIR: directory,
  ...more,
});

/** Returns the findings of a check. */
async function found(check: string, more: Record<string, string> = {}): Promise<Finding[]> {
  return (await examine(settings(more), never)).filter((finding) => finding.check === check);
}

const wrong = (level: "warning" | "error", says: RegExp) => [
  {
    check: expect.any(String),
    level,
    says: expect.stringMatching(says),
    remedy: expect.stringMatching(/[.?]$/),
  },
];

describe("doctor", () => {
  it("makes nothing where there is no Systole", async () => {
    const nowhere = path.join(directory, "nowhere");
    const findings = await examine({ SYSTOLE_DATA_DIR: nowhere }, never);
    expect(findings.filter(({ level }) => level === "error")).toEqual(
      wrong("error", /^There is no Systole in this data directory \(STORE_ABSENT\): .*nowhere$/),
    );
    expect(existsSync(nowhere)).toBe(false);
  });

  it("finds no error where nothing is wrong", async () => {
    const findings = await examine(settings(), never);
    expect(findings.filter(({ level }) => level === "error")).toEqual([]);
    const checks = findings.map(({ check }) => check);
    expect(checks).toEqual(
      expect.arrayContaining([
        ...[
          "Node",
          "settings",
          "database version",
          "clock",
          "connections",
          "migrations",
          "secret key",
          "bloat",
        ],
        ...["destinations", "queue", "disk", "public URL"],
      ]),
    );
  });

  it("finds a wrong setting, and looks no further", async () => {
    const findings = await examine(settings({ SYSTOLE_PORT: "eighty" }), never);
    expect(findings.at(-1)).toMatchObject({
      check: "settings",
      level: "error",
      says: expect.stringContaining("SYSTOLE_PORT"),
    });
  });

  it("finds a database that is not there, and still looks at the rest", async () => {
    const nowhere = { DATABASE_URL: "postgres://x:y@127.0.0.1:1/z" };
    expect(await found("database", nowhere)).toEqual(
      wrong("error", /cannot be reached \(STORE_UNAVAILABLE\)/),
    );
    expect(await found("disk", nowhere)).toMatchObject([{ level: "ok" }]);
  });

  it("finds an empty database, an old one and a newer one", async () => {
    const empty = await createTestDatabase();
    try {
      expect(await found("migrations", { DATABASE_URL: empty.connectionString })).toEqual(
        wrong("warning", /empty/),
      );
    } finally {
      await empty.drop();
    }
    const { db } = test.store;
    await sql`INSERT INTO migrations (number, name) VALUES (9999, 'newer')`.execute(db);
    expect(await found("migrations")).toEqual(wrong("error", /at migration 9999, this Systole at/));
    await sql`DELETE FROM migrations WHERE number = 9999`.execute(db);
    await sql`UPDATE migrations SET number = -number WHERE number > 5`.execute(db);
    expect(await found("migrations")).toEqual(wrong("warning", /at migration 5, this Systole at/));
    await sql`UPDATE migrations SET number = -number WHERE number < 0`.execute(db);
  });

  it("finds a wrong key, and none", async () => {
    const other = { SYSTOLE_SECRET_KEY: randomBytes(32).toString("base64") };
    expect(await found("secret key", other)).toEqual(wrong("error", /not the key/));
    expect(await found("secret key", { SYSTOLE_SECRET_KEY: "" })).toEqual(wrong("error", /none/));
  });

  it("finds jobs and deliveries that nobody takes", async () => {
    const { db, queue } = test.store;
    await queue.enqueue(db, "ingest", [
      { data: { environmentId, taskId: newId() }, startAfter: new Date(Date.now() - 7_200_000) },
    ]);
    expect(await found("queue")).toEqual(wrong("error", /1 jobs of ingest are due for up to 2\.0 h/));
    await putDue(db, [{ environmentId, deliveryId: newId() }], -10_800_000);
    expect(await found("queue")).toEqual(wrong("error", /1 jobs of deliver are due for up to 3\.0 h/));
    await sql`DELETE FROM pgboss.job`.execute(db);
    await sql`DELETE FROM due_deliveries`.execute(db);
  });

  it("finds a provider whose credentials do not open", async () => {
    const row = {
      environment_id: environmentId,
      provider: "polar",
      origin: "admin",
      subscription_state: "none",
    } as const;
    await test.store.db
      .insertInto("provider_configs")
      .values({ ...row, settings_sealed: Buffer.from("not sealed") })
      .execute();
    expect(await found("provider polar")).toEqual(wrong("error", /cannot be opened/));
    await test.store.db.deleteFrom("provider_configs").execute();
  });

  it("finds a public URL that does not answer, and its certificate", async () => {
    const { certificate, key: certificateKey } = newAuthority().issue("localhost");
    const server = createServer({ cert: certificate, key: certificateKey }, (_, answer) => answer.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const publicUrl = { SYSTOLE_PUBLIC_URL: `https://localhost:${port}` };
    expect(await found("public URL", publicUrl)).toEqual(wrong("error", /does not answer: .*certificate/));
    expect(await found("certificate", publicUrl)).toMatchObject([
      { says: expect.stringMatching(/ends in \d+ days/) },
    ]);
    await new Promise((resolve) => server.close(resolve));
    expect(await found("certificate", publicUrl)).toEqual(wrong("error", /cannot be read/));
  });

  it("is a page with what is wrong first, or JSON, and says by its exit code whether there is an error", async () => {
    const good = await runSystole(["doctor", "--json"], settings());
    expect([good.exitCode, JSON.parse(good.output)]).toMatchObject([0, { ok: true }]);
    const bad = await runSystole(
      ["doctor"],
      settings({ SYSTOLE_SECRET_KEY: randomBytes(32).toString("base64") }),
    );
    expect(bad).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/^ERROR {4}secret key: [^\n]*\n +→ Set /),
    });
  });
});
