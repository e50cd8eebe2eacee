/** However many notifications are refused, the rows and log lines about them stay few. */
import { createHash } from "node:crypto";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { waitFor } from "../../test/support/wait.ts";
import { type ErrorCode, SystoleError } from "../errors.ts";
import { createLogger } from "../telemetry/log.ts";
import { RefusalLines } from "./refusal-lines.ts";
import { type Refusal, RefusalLog } from "./refusals.ts";

let opened: TestStore;

beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

interface Line {
  readonly provider: string;
  readonly code: string;
  readonly count: number;
}

function collectLines() {
  const lines: Line[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { lines, log: createLogger("info", destination) };
}

const body = Buffer.alloc(60_000, "forged ");

const refusal = (code: ErrorCode): Refusal => ({
  providerSlug: "polar",
  headers: {},
  body,
  traceId: "trace",
  error: new SystoleError(code, { provider: "polar" }),
});

it("of thousands, in several processes, ten are kept per hour and code: hash, length and 256 bytes", async () => {
  const codes = ["NOTIFICATION_SIGNATURE_INVALID", "NOTIFICATION_TOO_LARGE"] as const;
  const { log } = collectLines();
  let counted = 0;
  const count = () => counted++;
  const processes = Array.from({ length: 4 }, () => new RefusalLog({ store: opened.store, log, count }));
  const all = processes.flatMap((process) =>
    codes.flatMap((code) => Array.from({ length: 500 }, () => process.record(refusal(code)))),
  );
  await Promise.all(all);
  expect(counted).toBe(4_000);
  const rows = await opened.store.db.selectFrom("notifications").selectAll().execute();
  const kept = rows.map(({ received_at, code }) => `${received_at.toISOString().slice(0, 13)} ${code}`);
  const perHourAndCode = [...Map.groupBy(kept, (key) => key).values()].map(({ length }) => length);
  // Four processes together use up at least one full hour's share of ten.
  expect(perHourAndCode).toContain(10);
  expect(Math.max(...perHourAndCode)).toBe(10);
  for (const row of rows) {
    expect(row.body).toEqual(body.subarray(0, 256));
    expect(row.details).toEqual({
      provider: "polar",
      body_bytes: 60_000,
      body_sha256: createHash("sha256").update(body).digest("hex"),
    });
  }
  for (const process of processes) process.close();
});

it("keeps no more than fifty an hour, whatever the codes", async () => {
  await opened.store.db.deleteFrom("notifications").execute();
  const { log } = collectLines();
  const refusals = new RefusalLog({ store: opened.store, log, count: () => {} });
  const codes: ErrorCode[] = [
    "NOTIFICATION_SIGNATURE_INVALID",
    "NOTIFICATION_SECRET_UNKNOWN",
    "NOTIFICATION_BODY_INVALID",
    "NOTIFICATION_TOO_LARGE",
    "REQUEST_INVALID",
    "REQUEST_MEDIA_TYPE_UNSUPPORTED",
  ];
  for (const code of codes) {
    for (let n = 0; n < 10; n++) await refusals.record(refusal(code));
  }
  refusals.close();
  const rows = await opened.store.db.selectFrom("notifications").select("received_at").execute();
  const hours = Map.groupBy(rows, ({ received_at }) => received_at.toISOString().slice(0, 13));
  for (const kept of hours.values()) expect(kept.length).toBeLessThanOrEqual(50);
});

it("logs the first at once and the others as a number", async () => {
  const { lines, log } = collectLines();
  const refusals = new RefusalLines(log, 50);
  const forged = { provider: "polar", code: "NOTIFICATION_SIGNATURE_INVALID" };
  for (let n = 0; n < 1_000; n++) refusals.add(forged, `trace ${n}`);
  refusals.add({ provider: "polar", code: "NOTIFICATION_BODY_INVALID" }, "another");
  expect(lines).toMatchObject([
    { ...forged, count: 1, trace_id: "trace 0" },
    { code: "NOTIFICATION_BODY_INVALID", count: 1 },
  ]);
  await waitFor("the line of the interval", () => lines.length > 2);
  expect(lines.slice(2)).toMatchObject([{ ...forged, count: 999, trace_id: "trace 999" }]);
  refusals.close();
});

it("logs the remaining count when it ends", () => {
  const { lines, log } = collectLines();
  const refusals = new RefusalLines(log);
  for (let n = 0; n < 3; n++) refusals.add({ provider: "polar", code: "NOTIFICATION_TOO_LARGE" }, "trace");
  refusals.close();
  expect(lines.map(({ count }) => count)).toEqual([1, 2]);
});
