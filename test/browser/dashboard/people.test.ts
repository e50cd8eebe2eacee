/** A person whose watch has synced: found, looked at from every side, and erased. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DemoPerson, syncWatch } from "../../../src/demo/person.ts";
import { settled } from "../../support/sync.ts";
import { waitFor } from "../../support/wait.ts";
import { launchMs, openPage } from "../chromium.ts";
import { type Desk, listOf, makeFirstAccount, openDesk, titled } from "./desk.ts";

interface RecordRow {
  readonly type: string;
  readonly natural_key: string;
  readonly start_time: string;
}

// Each screen is looked at by axe, in light and in dark.
const days = 5;
let desk: Desk;
let person: DemoPerson;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  person = await desk.system.connect("ada-lovelace");
  await desk.system.connect("somebody-else");
  await syncWatch(desk.system.server, person, days);
  await waitFor("activities, nights and days", async () => {
    const types = new Set((await records()).map(({ type }) => type));
    return ["activity", "sleep", "daily", "body"].every((type) => types.has(type));
  });
  // A day's heart rate may come before its steps, in a revision of its own.
  await settled(desk.system);
}, launchMs);
afterAll(() => desk.close());

function records(type?: string): Promise<RecordRow[]> {
  const filter = type === undefined ? "" : `&type=${type}`;
  return listOf(desk.system, `/users/${person.userId}/records?limit=200${filter}`);
}

async function openFirst(type: string, title: RegExp): Promise<RecordRow> {
  const [record] = await records(type);
  if (record === undefined) throw new Error(`there is no ${type}`);
  const key = encodeURIComponent(record.natural_key);
  await desk.open(`people/${person.userId}/${type}/${key}`, title);
  return record;
}

test("a person is found by the beginning of their reference, and opened by the keyboard", async () => {
  const { page } = desk;
  await desk.open("people", "People");
  await page.getByRole("link", { name: "somebody-else" }).waitFor();
  await desk.expectAccessible();
  await page.getByLabel("user_id or reference_id").fill("ada");
  await page.getByRole("link", { name: "somebody-else" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "ada-lovelace" }).focus();
  await page.keyboard.press("Enter");
  await titled(page, "ada-lovelace");
});

test("a link that is followed before a typed filter is asked for leads away, however slow its screen", async () => {
  const { browser, context, system } = desk;
  const storageState = await context.storageState();
  await using opened = new AsyncDisposableStack();
  const { context: own, page } = await openPage(browser, { baseURL: system.server.url, storageState });
  opened.defer(() => own.close());
  await page.clock.install();
  await page.goto(`/dashboard/e/${system.server.devId}/people`);
  const link = page.getByRole("link", { name: "ada-lovelace" });
  await link.waitFor();
  const held = Promise.withResolvers<void>();
  await page.route("**/*", async (route) => {
    await held.promise;
    await route.continue();
  });
  opened.defer(() => page.unrouteAll({ behavior: "ignoreErrors" }));
  // However busy the machine is, the pause in typing does not end between the two.
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByLabel("user_id or reference_id").focus();
  await page.keyboard.press("a");
  await link.dispatchEvent("click");
  // Twice the pause in typing after which a filter is asked for.
  await page.clock.runFor(500);
  const { pathname, search } = new URL(page.url());
  await page.clock.resume();
  held.resolve();
  expect(pathname + search).toMatch(new RegExp(`/people/${person.userId}$`));
  await titled(page, "ada-lovelace");
});

test("the person's page shows days with data, what is held, and how far fetching has come", async () => {
  const { page } = desk;
  await desk.open(`people/${person.userId}`, "ada-lovelace");
  await page.getByRole("img", { name: /days with data between/ }).waitFor();
  await page.getByRole("table", { name: "What is held" }).getByText("sleep").waitFor();
  await desk.expectAccessible();
  await page.getByRole("tab", { name: "Fetching" }).click();
  await page.getByRole("table", { name: "Fetching by resource" }).getByText("sleep").first().waitFor();
  await desk.expectAccessible();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  await desk.expectAccessible();
  await page.getByRole("tab", { name: "Records" }).click();
  await page.getByRole("link", { name: "activity" }).first().waitFor();
  await desk.expectAccessible();
});

test("an activity is drawn with the time of the watch, wherever the browser is", async () => {
  const { page } = desk;
  const record = await openFirst("activity", /^Activity, /);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(
    record.start_time.slice(11, 16),
  );
  await page.getByRole("img", { name: /^Heart rate in bpm: lowest \d+, mean \d+, highest \d+/ }).waitFor();
  await page.getByText("Time in heart-rate zones").waitFor();
  await desk.expectAccessible();
});

test("a night is drawn with its stages, and a day with its heart rate", async () => {
  const { page } = desk;
  await openFirst("sleep", /^Night, /);
  await page.getByRole("img", { name: /^Sleep stages: awake .*deep \d/ }).waitFor();
  await page.getByRole("img", { name: /^HRV \(RMSSD\) in ms/ }).waitFor();
  await desk.expectAccessible();
  await openFirst("daily", /^Day, /);
  await page.getByText("Steps").first().waitFor();
  await desk.expectAccessible();
});

test("a field of a record is traced to the raw body, and back", async () => {
  const { page } = desk;
  await openFirst("sleep", /^Night, /);
  await page.getByText("JSON and source").click();
  const record = page.getByRole("region", { name: "JSON of the record" });
  const raw = page.getByRole("region", { name: "Raw body: sleep", exact: true });
  await raw.waitFor();
  await desk.expectAccessible();
  await record.locator('[data-path$="duration_deep_sleep_state_seconds"]').hover();
  const marked = raw.locator('[data-marked="true"]');
  expect(await marked.first().textContent()).toMatch(/^deep_sleep: \d+/);
  await marked.first().hover();
  await record.locator('[data-path$="duration_deep_sleep_state_seconds"][data-marked="true"]').waitFor();
  // By keyboard: from value to value, until one has an origin; and back.
  await page.mouse.move(0, 0);
  await record.focus();
  for (let step = 0; step < 200 && (await marked.count()) === 0; step++)
    await page.keyboard.press("ArrowDown");
  const origin = (await marked.first().textContent()) ?? "";
  await raw.focus();
  const markedInRecord = record.locator('[data-marked="true"]');
  for (let step = 0; step < 200 && (await markedInRecord.count()) === 0; step++) {
    await page.keyboard.press("ArrowDown");
  }
  expect(origin).toMatch(/^\w+: /);
  expect(await markedInRecord.first().textContent()).toMatch(/^\w+: /);
});

test("fetching is asked for, and data is sent to the destinations once more", async () => {
  const { page, system } = desk;
  await desk.open(`people/${person.userId}`, "ada-lovelace");
  await page.getByRole("button", { name: "Fetch what is new" }).click();
  await page.getByText(/Asking the provider for \d+ resources?\./).waitFor();
  const before = system.receiver.requests.length;
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: /Send data to destinations/ }).click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText(/It is planned/).waitFor();
  await waitFor("the data once more", () => system.receiver.requests.length > before);
});

test("payload previews show what a destination gets, and say what a provider does not have", async () => {
  const { page } = desk;
  await desk.open("previews", "Payload previews");
  await page.getByRole("region", { name: "Example payload" }).getByText('"activity"').first().waitFor();
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Send as a test event" }).click();
  await page.getByRole("link", { name: "see its delivery" }).click();
  await titled(page, "Event: activity");
  await page.getByText("Delivered").first().waitFor();
  await desk.open("previews?provider=polar&type=nutrition", "Payload previews");
  await page.getByText("Polar has no nutrition").waitFor();
});

test("health says in a sentence that all is well", async () => {
  const { page } = desk;
  await desk.open("health", "Health");
  await page.getByRole("table", { name: "Tables by size" }).waitFor();
  await page.getByRole("table", { name: "Queues" }).getByText("Delivering").waitFor();
  await desk.expectAccessible();
});

test("erasing asks for the name, says what follows, and shows a receipt", async () => {
  const { page, system } = desk;
  await desk.open(`people/${person.userId}`, "ada-lovelace");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: /Disconnect and erase/ }).click();
  const erase = page.getByRole("dialog").getByRole("button", { name: "Disconnect and erase" });
  expect(await erase.isDisabled()).toBe(true);
  await page.getByLabel(/to confirm/).fill("ada-lovelace");
  await erase.click();
  await page.getByText("ada-lovelace is erased").waitFor();
  await page.getByText("Deleted: records").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await titled(page, "People");
  expect((await system.admin("GET", `/users/${person.userId}/records`)).status).toBe(404);
});

test("nothing was asked of another host, and no script was kept out", () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  expect(desk.errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
});
