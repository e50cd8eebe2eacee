/**
 * A day of 5 MB that a phone pushes: from the POST until the webhook has the day's record. The floor is a route that
 * parses the same body, inserts it and posts as many bytes as that record has. Then a day is pushed twenty times, and
 * the rows and bytes that are kept are compared with those of one push.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import pg from "pg";
import { addWebhook, call, json } from "../src/demo/person.ts";
import { credentials } from "../test/support/system.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import { pushedDay } from "./support/pushed-day.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";
import { keyHeaders } from "./support/test-bed.ts";
import { untilFetched } from "./sync.ts";

const rounds = 5;
const pushes = 20;
const megabyte = 1_000_000;
const mebibyte = 1_024 ** 2;

export async function benchPushes({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl);
  opened.defer(() => systole.stop());
  const receiver = opened.use(await Receiver.start());
  const floor = await startChild("parse-and-send", {
    DATABASE_URL: await testBed.createDatabase(),
    RECEIVER: receiver.url,
  });
  opened.defer(() => floor.stop());
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  opened.defer(() => pool.end());
  await addWebhook({ url: systole.url, sandboxUrl: "", ...credentials }, receiver.url);
  const person = await connect(systole.url, "bench");
  progress(`${rounds} days, each of ${(pushedDay("2026-01-01").length / megabyte).toFixed(1)} MB`);
  const days = dates();
  const ours = (): Promise<number> => {
    const day = days.next().value as string;
    return receiver.timed(day, () => push(person, pushedDay(day)));
  };
  await ours();
  const bytes = receiver.lastBytes;
  const bare = (): Promise<number> => {
    const day = days.next().value as string;
    const headers = { "x-bytes": String(bytes), "x-day": dailyOf(day).join(" ") };
    return receiver.timed(day, () => post(floor.url, pushedDay(day), headers));
  };
  await bare();
  const turns = compare(await takeTurns(rounds, ours, bare), "lower");
  progress(`${Math.round(turns.ours.median)} ms, ${turns.ratio.median.toFixed(1)} times the floor's`);
  const kept = await keptOf({ url: systole.url, pool, progress });
  const what = `a day of 5 MB, from POST to webhook (${(bytes / megabyte).toFixed(1)} MB)`;
  const against = "a route that parses the body, inserts it and posts as many bytes";
  return [{ benchmark: "pushes", what, unit: "ms", ...turns, against }, ...kept];
}

/** The texts by which an event of the day's record is known. */
const dailyOf = (day: string): string[] => ['"type":"daily"', `"start_time":"${day}T00`];

function* dates(): Generator<string> {
  for (let ms = Date.parse("2026-01-05"); ; ms += 3 * 86_400_000)
    yield new Date(ms).toISOString().slice(0, 10);
}

interface Person {
  readonly userId: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

async function connect(url: string, referenceId: string): Promise<Person> {
  const asked = { method: "POST", headers: keyHeaders };
  const { token } = await call<{ token: string }>(
    `${url}/v2/auth/generateAuthToken?reference_id=${referenceId}`,
    asked,
  );
  const redeemed = json("POST", { token, provider: "APPLE" });
  const answer = await call<{ user_id: string; upload_token: string }>(
    `${url}/v2/auth/redeemToken`,
    redeemed,
  );
  return {
    userId: answer.user_id,
    url: `${url}/v2/uploads/apple/health-auto-export`,
    headers: { authorization: `Bearer ${answer.upload_token}` },
  };
}

const push = ({ url, headers }: Person, body: string): Promise<void> => post(url, body, headers);

async function post(url: string, body: string, headers: Record<string, string>): Promise<void> {
  await call(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
}

interface Keeping {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly progress: Bench["progress"];
}

/** Compares what is kept of a day after twenty pushes with what is kept after one. */
async function keptOf({ url, pool, progress }: Keeping): Promise<Result[]> {
  const kept = async (name: string, shares: readonly number[]) => {
    progress(`a day pushed ${shares.length} times: ${name}`);
    const person = await connect(url, name);
    for (const share of shares) {
      await push(person, pushedDay("2026-01-10", share));
      await untilFetched(pool);
    }
    const all = await keptRows(pool, person.userId);
    progress(`${all.rows} rows, ${all.bytes} bytes`);
    return all;
  };
  const once = await kept("once", [1]);
  const same = await kept(
    "same",
    Array.from({ length: pushes }, () => 1),
  );
  const grown = await kept(
    "growing",
    Array.from({ length: pushes }, (_, index) => (index + 1) / pushes),
  );
  return [
    ...results("the same day pushed 20 times", same, once),
    ...results("a day pushed 20 times as it grows", grown, once),
  ];
}

interface Kept {
  readonly rows: number;
  readonly bytes: number;
}

const tables = ["raw_payloads", "raw_parts", "grown_parts", "records", "events"];

async function keptRows(pool: pg.Pool, userId: string): Promise<Kept> {
  const each = tables.map((name) => `SELECT pg_column_size(t.*) AS size FROM ${name} t WHERE user_id = $1`);
  const { rows } = await pool.query(
    `SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes FROM (${each.join(" UNION ALL ")}) AS all_rows`,
    [userId],
  );
  return { rows: Number(rows[0].rows), bytes: Number(rows[0].bytes) };
}

function results(what: string, ours: Kept, once: Kept): Result[] {
  const common = { benchmark: "pushes", against: "pushed once" };
  const bytes = [{ ours: ours.bytes / mebibyte, floor: once.bytes / mebibyte }];
  const rows = [{ ours: ours.rows, floor: once.rows }];
  return [
    { ...common, what: `rows kept, ${what}`, unit: "rows", ...compare(rows, "lower") },
    { ...common, what: `bytes kept, ${what}`, unit: "MiB", ...compare(bytes, "lower") },
  ];
}

const timeoutMs = 120_000;

async function tooLate(day: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, timeoutMs).unref());
  throw new Error(`The record of ${day} did not come within ${timeoutMs / 1_000} s`);
}

/** Receives events, and knows when that of a day arrived. */
class Receiver {
  readonly url: string;
  readonly #close: () => void;
  lastBytes = 0;
  #waiting: { readonly texts: readonly string[]; arrived(): void } | null = null;

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const receiver = new Receiver((server.address() as AddressInfo).port, () => {
      server.closeAllConnections();
      server.close();
    });
    server.on("request", async (request, response) => {
      const body = await text(request);
      response.end("ok");
      receiver.#receive(body);
    });
    return receiver;
  }

  private constructor(port: number, close: () => void) {
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  /** Returns the milliseconds from the call until the record of a day has arrived. */
  async timed(day: string, send: () => Promise<void>): Promise<number> {
    const arrived = new Promise<void>((resolve) => {
      this.#waiting = { texts: dailyOf(day), arrived: resolve };
    });
    const began = performance.now();
    await Promise.all([send(), Promise.race([arrived, tooLate(day)])]);
    return performance.now() - began;
  }

  #receive(body: string): void {
    if (this.#waiting?.texts.every((one) => body.includes(one)) !== true) return;
    this.lastBytes = Buffer.byteLength(body);
    this.#waiting.arrived();
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}
