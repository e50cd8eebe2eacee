/**
 * Notifications: from Polar's signed POST until its acknowledgement, which follows durable storage. The floor
 * is an empty Fastify route that inserts one row, on the same PostgreSQL, under the same load.
 *
 * It is measured twice: the endpoint alone, then in a process that fetches announced data at the same time.
 */
import { createHmac } from "node:crypto";
import { listProviderConfigs, openSubscriptionSecret } from "../src/store/provider-configs.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import { hourOfRunning } from "./support/hour.ts";
import { type LoadFigures, openLoader, type Prepared } from "./support/load.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round, takeTurns } from "./support/rounds.ts";
import { openSystem, type System, type TestBed } from "./support/test-bed.ts";

const concurrency = 32;
const alone = { rounds: 5, requests: 2_000 };
const busy = { rounds: 3, requests: 500 };

export async function benchNotifications({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress("starting the endpoint and its floor");
  const system = await openSystem(testBed, opened, { SYSTOLE_ROLES: "api" });
  const floor = await startChild("insert", { DATABASE_URL: await testBed.createDatabase() });
  opened.defer(() => floor.stop());
  const requests = await signedNotifications(testBed, system, alone.requests);

  progress(`${alone.rounds} rounds of ${alone.requests}, ${concurrency} at a time`);
  const endpointAlone = await loadBoth(system.systole.url, floor.url, requests, alone.rounds);

  progress("the same endpoint while its process fetches the announced data");
  const worker = await testBed.startSystole(system.databaseUrl);
  opened.defer(() => worker.stop());
  const endpointBusy = await loadBoth(worker.url, floor.url, requests.slice(0, busy.requests), busy.rounds);
  return [...resultsOf("the endpoint alone", endpointAlone), ...resultsOf("while fetching", endpointBusy)];
}

async function loadBoth(
  ours: string,
  floor: string,
  requests: readonly Prepared[],
  rounds: number,
): Promise<Round<LoadFigures>[]> {
  await using opened = new AsyncDisposableStack();
  const loading = (url: string) => {
    const loader = openLoader(`${url}/v2/hooks/polar`, concurrency);
    opened.defer(() => loader.close());
    return () => loader.post(requests);
  };
  const [postOurs, postFloor] = [loading(ours), loading(floor)];
  await postOurs();
  await postFloor();
  // Awaited here: the connections are closed when this function returns.
  return await takeTurns(rounds, postOurs, postFloor);
}

function resultsOf(when: string, turns: readonly Round<LoadFigures>[]): Result[] {
  const of = (figure: keyof LoadFigures): Round<number>[] =>
    turns.map(({ ours, floor }) => ({ ours: ours[figure], floor: floor[figure] }));
  const common = { benchmark: "notifications", against: "an empty Fastify route with one single-row INSERT" };
  return [
    { ...common, what: `acknowledged, ${when}`, unit: "/s", ...compare(of("perSecond"), "higher") },
    { ...common, what: `p99, ${when}`, unit: "ms", ...compare(of("p99Ms"), "lower") },
  ];
}

/** Returns signed notifications of an existing exercise, for a connected person. */
export async function signedNotifications(
  testBed: TestBed,
  { databaseUrl, server, person }: System,
  count: number,
): Promise<Prepared[]> {
  const secret = await webhookSecret(testBed, databaseUrl);
  const exercises = `${server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/exercises`;
  const stored = await fetch(`${exercises}?notify=false`, { method: "PUT", body: hourOfRunning(1) });
  if (!stored.ok) throw new Error(`The sandbox answered ${stored.status}: ${await stored.text()}`);
  return Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify({
      event: "EXERCISE",
      user_id: Number(person.sandboxUserId),
      entity_id: "bench1",
      timestamp: new Date(Date.now() + index).toISOString(),
      url: "https://www.polaraccesslink.com/v3/exercises/bench1",
    });
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    return {
      body,
      headers: {
        "content-type": "application/json",
        "polar-webhook-event": "EXERCISE",
        "polar-webhook-signature": signature,
      },
    };
  });
}

/** Returns the webhook's secret. Polar tells it only to Systole, so it is opened with Systole's key. */
async function webhookSecret(testBed: TestBed, databaseUrl: string): Promise<string> {
  await using opened = new AsyncDisposableStack();
  const { db, keyRing } = await testBed.openStore(databaseUrl, opened);
  const [config] = await listProviderConfigs(db, "polar");
  const secret = config && openSubscriptionSecret(keyRing, config);
  if (!secret) throw new Error("Systole was not told a webhook secret");
  return secret;
}
