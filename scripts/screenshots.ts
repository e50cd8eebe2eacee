/**
 * `npm run screenshots`: takes the pictures of the guide, of a whole server with a person whose watch has synced.
 * They go to docs/screenshots, each screen in light or in dark.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { syncWatch } from "../src/demo/person.ts";
import { type Desk, listOf, loaded, makeFirstAccount, openDesk } from "../test/browser/dashboard/desk.ts";
import { startTestServer } from "../test/support/embedded.ts";
import { waitFor } from "../test/support/wait.ts";

const target = path.resolve(import.meta.dirname, "../docs/screenshots");
const days = 14;
const timeoutMs = 10 * 60_000;
/** Charts and fonts are drawn a moment after the data is there. */
const settleMs = 1_500;

interface Shot {
  readonly name: string;
  readonly at: string;
  readonly title: RegExp;
  readonly scheme?: "light" | "dark";
  readonly before?: (desk: Desk) => Promise<void>;
}

interface RecordRow {
  readonly natural_key: string;
}

const recordsOf = ({ system }: Desk, userId: string, type: string): Promise<RecordRow[]> =>
  listOf(system, `/users/${userId}/records?type=${type}&limit=200`);

/** The record with the largest body: one with everything in it. */
async function fullest(desk: Desk, userId: string, type: string): Promise<string> {
  let found = { path: "", size: -1 };
  for (const { natural_key: key } of (await recordsOf(desk, userId, type)).slice(0, 20)) {
    const where = `/users/${userId}/records/${type}/${encodeURIComponent(key)}`;
    const size = (await (await desk.system.admin("GET", where)).text()).length;
    if (size > found.size) found = { path: `people/${userId}/${type}/${encodeURIComponent(key)}`, size };
  }
  return found.path;
}

async function shotsOf(desk: Desk, userId: string): Promise<Shot[]> {
  const night = await fullest(desk, userId, "sleep");
  const [destination] = await listOf<{ id: string }>(desk.system, "/destinations");
  return [
    { name: "start", at: "start", title: /^Start$/ },
    { name: "people", at: "people", title: /^People$/ },
    { name: "person", at: `people/${userId}`, title: /./ },
    { name: "activity", at: await fullest(desk, userId, "activity"), title: /^Activity/ },
    { name: "night", at: night, title: /^Night/, scheme: "dark" },
    { name: "day", at: await fullest(desk, userId, "daily"), title: /^Day/ },
    {
      name: "source-of-a-record",
      at: night,
      title: /^Night/,
      before: async ({ page }) => {
        await page.getByText("JSON and source").click();
        await page.locator('[data-path$="duration_deep_sleep_state_seconds"]').hover();
      },
    },
    { name: "events", at: "events", title: /^Events$/ },
    { name: "deliveries", at: "deliveries", title: /^Deliveries$/, scheme: "dark" },
    { name: "sources", at: "sources/polar", title: /^Polar$/ },
    { name: "destination", at: `destinations/${destination?.id}`, title: /./ },
    { name: "new-destination", at: "destinations/new?kind=s3", title: /S3/ },
    { name: "previews", at: "previews", title: /^Payload/ },
    { name: "keys", at: "keys", title: /^Environments/ },
    { name: "team", at: "audit", title: /^Team/ },
    { name: "health", at: "health", title: /^Health$/, scheme: "dark" },
  ];
}

async function take(desk: Desk, { name, at, title, scheme = "light", before }: Shot): Promise<void> {
  await desk.page.emulateMedia({ colorScheme: scheme });
  await desk.open(at, title);
  await loaded(desk.page);
  await before?.(desk);
  await desk.page.waitForTimeout(settleMs);
  await desk.page.screenshot({ path: path.join(target, `dashboard-${name}.png`) });
  process.stdout.write(`dashboard-${name}.png\n`);
}

const scratch = mkdtempSync(path.join(os.tmpdir(), "systole-screenshots-"));
const database = await startTestServer(path.join(scratch, "postgres"));
process.env.TEST_DATABASE_URL = database.connectionString;
mkdirSync(target, { recursive: true });
const desk = await openDesk();
try {
  await makeFirstAccount(desk);
  for (const name of ["grace-hopper", "alan-turing"]) await desk.system.connect(name);
  const person = await desk.system.connect("ada-lovelace");
  await syncWatch(desk.system.server, person, days);
  const isThere = async () => (await recordsOf(desk, person.userId, "sleep")).length >= days - 2;
  await waitFor("the nights of the watch", isThere, timeoutMs);
  await waitFor(
    "its activities",
    async () => (await recordsOf(desk, person.userId, "activity")).length > 8,
    timeoutMs,
  );
  const wanted = process.argv.slice(2);
  for (const shot of await shotsOf(desk, person.userId)) {
    if (wanted.length === 0 || wanted.includes(shot.name)) await take(desk, shot);
  }
} finally {
  await desk.close();
  await database.stop();
  rmSync(scratch, { recursive: true, force: true });
}
