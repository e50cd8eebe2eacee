/**
 * Reading: `GET /v2/activity` for 28 days with samples, of a person who ran for an hour on twenty of them.
 * The floor is a bare route that sends the same bytes from memory.
 */
import { Pool } from "undici";
import type { DemoPerson } from "../src/demo/person.ts";
import { waitFor } from "../test/support/wait.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";
import { keyHeaders, openSystem, type System } from "./support/test-bed.ts";

const rounds = 7;
const perRound = 2;
const runs = 20;
const days = 28;

export async function benchRead({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress(`bringing in ${runs} runs through the sandbox`);
  const system = await openSystem(testBed, opened);
  await runOften(system);
  const floor = await startChild("bytes");
  opened.defer(() => floor.stop());
  const ours = openReader(system.systole.url, readPath(system.person), opened);
  const bare = openReader(floor.url, "/", opened);
  const bytes = await ours(keepIn(floor.url));
  if ((await bare()) !== bytes) throw new Error("The floor does not send the same bytes");

  const what = `${runs} runs, ${(bytes / 1_000_000).toFixed(1)} MB`;
  progress(`${rounds} rounds of ${perRound}: ${what}`);
  const turns = await takeTurns(
    rounds,
    () => timed(ours),
    () => timed(bare),
  );
  const against = "a bare Fastify route sending the same bytes";
  return [{ benchmark: "read", what, unit: "ms", ...compare(turns, "lower"), against }];
}

const dateOf = (daysAgo: number): string =>
  new Date(Date.now() - daysAgo * 24 * 3_600_000).toISOString().slice(0, 10);

export const readPath = ({ userId }: DemoPerson, withSamples = true): string =>
  `/v2/activity?user_id=${userId}&start_date=${dateOf(days)}&end_date=${dateOf(0)}` +
  `&to_webhook=false&with_samples=${withSamples}`;

/** Syncs twenty runs of a watch; resolves when all of them are records. */
export async function runOften({ server, person }: System): Promise<void> {
  const bodies = Array.from({ length: runs }, (_, index) => hourOfRunning(index + 1));
  const url = `${server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/exercises`;
  const stored = await fetch(url, { method: "PUT", body: `[${bodies.join(",")}]` });
  if (!stored.ok) throw new Error(`The sandbox answered ${stored.status}: ${await stored.text()}`);
  const summaries = server.url + readPath(person, false);
  await waitFor("the runs to be read back", async () => {
    const { data } = (await (await fetch(summaries, { headers: keyHeaders })).json()) as { data: unknown[] };
    return data.length === runs;
  });
}

type Reader = (keep?: (body: Buffer) => Promise<void>) => Promise<number>;

/** Reads over its own kept-alive connection; returns the number of bytes. */
export function openReader(origin: string, path: string, opened: AsyncDisposableStack): Reader {
  const pool = new Pool(origin, { connections: 1 });
  opened.defer(() => pool.close());
  return async (keep) => {
    const { statusCode, body } = await pool.request({ method: "GET", path, headers: keyHeaders });
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${await body.text()}`);
    let bytes = 0;
    const kept: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (keep) kept.push(chunk);
    }
    await keep?.(Buffer.concat(kept));
    return bytes;
  };
}

const keepIn =
  (url: string) =>
  async (body: Buffer): Promise<void> => {
    const response = await fetch(url, { method: "PUT", body });
    if (!response.ok) throw new Error(`The floor answered ${response.status}`);
  };

/** Returns the milliseconds until the last byte. */
async function timed(read: Reader): Promise<number> {
  const began = performance.now();
  for (let count = 0; count < perRound; count++) await read();
  return (performance.now() - began) / perRound;
}
