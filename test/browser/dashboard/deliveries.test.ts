/** Events, deliveries and destinations, looked at and sent again as a developer does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Receiver, startReceiver, status } from "../../support/receiver.ts";
import { settled } from "../../support/sync.ts";
import { waitFor } from "../../support/wait.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, listOf, makeFirstAccount, openDesk, titled } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  const { system } = desk;
  const person = await system.connect("person-1");
  await system.control("POST", `/_sandbox/users/${person.sandboxUserId}/generate`, {
    days: 8,
    seed: 1,
    apis: "v3",
  });
  await waitFor("data of a week", () => system.events().length >= 12);
  await settled(system);
  await waitFor("nothing on its way", async () => (await countOf("pending")) === 0);
}, launchMs);
afterAll(() => desk.close());

const countOf = async (state: string): Promise<number> => {
  const [row] = await desk.system.query<{ count: string }>(
    "SELECT count(*) FROM deliveries WHERE state = $1",
    [state],
  );
  return Number(row?.count);
};

interface Destination {
  readonly id: string;
  readonly settings: { readonly url: string };
}

const idsIn = ({ requests }: Pick<Receiver, "requests">): Set<string> =>
  new Set(requests.map(({ headers }) => String(headers["webhook-id"])));

test("an attempt shows the request with its signature and no secret, the answer, and the event's body", async () => {
  const { page, system } = desk;
  const headers = { "X-House": "hunter2" };
  const settings = { url: `${system.receiver.url.replace(/\?.*/, "")}?token=hunter2`, headers };
  const made = await system.admin("POST", "/destinations", { kind: "webhook", settings });
  const { id } = (await made.json()) as { id: string };
  const [event] = await listOf<{ id: string }>(system, "/events?types=auth");
  await system.admin("POST", `/events/${event?.id}/replay`, { destination_id: id });
  const sent = await waitFor("the request", () =>
    system.receiver.requests.find((request) => request.path.includes("hunter2")),
  );
  await desk.open(`deliveries?destination=${id}`, "Deliveries");
  await page.getByRole("table", { name: "Deliveries" }).getByRole("button").first().click();
  const attempt = page.getByRole("region", { name: "Attempt 1" });
  await attempt.getByText("POST").waitFor();
  const shown = (await attempt.textContent()) ?? "";
  expect(shown).toContain("hook?token=********");
  expect(shown).toContain(`terra-signature${sent.headers["terra-signature"]}`);
  expect(shown).toContain(`webhook-id${event?.id}`);
  expect(shown).toMatch(/X-House\*+/);
  expect(shown).not.toContain("hunter2");
  expect(shown).toMatch(/Took\d+ ms/);
  expect(shown).toMatch(/Status200ok/);
  await attempt.getByRole("button", { name: "Show the event's body" }).click();
  await attempt.getByRole("region", { name: "Body of the event" }).getByText('"person-1"').first().waitFor();
  await system.admin("DELETE", `/destinations/${id}`);
});

test("events are found by outcome and days, in the address; all that failed is counted and sent again", async () => {
  const { page, system } = desk;
  const failed = await system.query<{ event_id: string }>(
    `UPDATE deliveries SET state = 'dead', last_code = 'DELIVERY_FAILED' WHERE delivery_id IN (
      SELECT delivery_id FROM deliveries JOIN events USING (environment_id, event_id)
      WHERE type <> 'auth' AND state = 'delivered' LIMIT 3) RETURNING event_id`,
  );
  await desk.open("events", "Events");
  const rows = page.getByRole("table", { name: "Events" }).locator("tbody tr.clickable");
  await rows.first().waitFor();
  await page.getByRole("combobox", { name: "Outcome" }).click();
  await page.getByRole("option", { name: "Given up" }).click();
  await waitFor("three events", async () => (await rows.count()) === 3);
  expect(await rows.first().textContent()).toContain("Given up");
  expect(new URL(page.url()).searchParams.get("outcome")).toBe("dead");
  await desk.expectAccessible();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("From this day, in UTC").fill(tomorrow);
  await page.getByText("No event for this filter").waitFor();
  expect(new URL(page.url()).searchParams.get("since")).toBe(tomorrow);
  await page.getByLabel("From this day, in UTC").fill("");
  await waitFor("three events", async () => (await rows.count()) === 3);
  await page.getByRole("button", { name: "Resend all failed" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("3 deliveries would be sent again.").waitFor();
  const before = system.receiver.requests.length;
  await dialog.getByRole("button", { name: "Resend 3 deliveries" }).click();
  await dialog.getByText("3 are on their way, as deliveries of their own.").waitFor();
  await waitFor("all three", () => system.receiver.requests.length >= before + 3);
  const again = idsIn({ requests: system.receiver.requests.slice(before) });
  expect(again).toEqual(new Set(failed.map(({ event_id }) => event_id)));
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByText("No event for this filter").waitFor();
  const [entry] = await listOf<{ action: string; after: unknown }>(system, "/audit?limit=1");
  expect(entry).toMatchObject({
    action: "POST /admin/v1/dead-letters/replay",
    after: { dead_letters: 3, deliveries: 3, dry_run: false },
  });
});

test("deliveries that failed are sent again from their own list, of one destination and type", async () => {
  const { page, system } = desk;
  const [destination] = await listOf<Destination>(system, "/destinations");
  await system.query(
    `UPDATE deliveries SET state = 'dead' WHERE delivery_id IN (SELECT delivery_id FROM deliveries
      JOIN events USING (environment_id, event_id) WHERE type IN ('daily', 'sleep') AND state = 'delivered')`,
  );
  const wanted = (await listOf(system, "/dead-letters?types=sleep&limit=500")).length;
  await desk.open(`deliveries?state=dead&type=sleep&destination=${destination?.id}`, "Deliveries");
  await page.getByRole("button", { name: "Resend all failed" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: new RegExp(`^Resend ${wanted} deliver`) }).click();
  await dialog.getByText(/on (their|the) way/).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  const left = await listOf<{ type: string }>(system, "/dead-letters?limit=500");
  expect(new Set(left.map(({ type }) => type))).toEqual(new Set(["daily"]));
  await page.getByRole("button", { name: "Resend all failed" }).click();
  await dialog.getByText("Nothing is left to send again").waitFor();
  await system.query("UPDATE deliveries SET state = 'delivered' WHERE state = 'dead'");
});

test("a new destination is filled with what is there, and gets each event once", async () => {
  const { page, system } = desk;
  const receiver = await startReceiver();
  await desk.open("destinations/new?kind=webhook", "Add Webhook");
  await page.getByLabel("URL").fill(receiver.url);
  await page.getByRole("button", { name: "Add destination" }).click();
  const events = await listOf<{ id: string }>(system, "/events?limit=500");
  const panel = page.getByRole("region", { name: "Fill with what is there" });
  await panel.getByText(`${events.length} events with`).waitFor();
  expect(receiver.requests.filter(({ headers }) => headers["terra-reference"] === undefined)).toEqual([]);
  await panel.getByRole("button", { name: `Fill with ${events.length} events` }).click();
  await panel.getByText(`${events.length} are on their way`).waitFor();
  await waitFor("every event", () => {
    const arrived = idsIn(receiver);
    return events.every(({ id }) => arrived.has(id));
  });
  await page.getByRole("link", { name: "Go to the destination" }).click();
  await titled(page, /127\.0\.0\.1/);
  await panel.getByRole("button", { name: "Count what is there" }).click();
  await panel.getByText("It has been sent every event that is kept and that it takes.").waitFor();
  await desk.expectAccessible();
  await receiver.close();
});

test("a destination that keeps failing says until when it is paused, after how many failures, and what waits", async () => {
  const { page, system } = desk;
  const receiver = await startReceiver(status(500));
  const settings = { url: receiver.url };
  const made = await system.admin("POST", "/destinations", { kind: "webhook", settings });
  const { id } = (await made.json()) as { id: string };
  await desk.open(`destinations/${id}`, /127\.0\.0\.1/);
  const panel = page.getByRole("region", { name: "Fill with what is there" });
  await panel.getByRole("button", { name: "Count what is there" }).click();
  await panel.getByRole("button", { name: /^Fill with \d+ events$/ }).click();
  await page.getByText(/after \d\d failures in a row.*; \d+ deliveries wait\./).waitFor();
  await page.getByText("Breaker").waitFor();
  expect(await page.locator("dl").first().textContent()).toContain("Breakeropen");
  await desk.expectAccessible();
  await desk.open("destinations", "Destinations");
  await page.getByText(/Failing/).waitFor();
  receiver.answer(status(200));
  await system.query("UPDATE destinations SET wake_at = now() WHERE destination_id = $1", [id]);
  await page.getByText("Failing").waitFor({ state: "detached" });
  await waitFor("nothing on its way", async () => (await countOf("pending")) === 0);
  await desk.open(`destinations/${id}`, /127\.0\.0\.1/);
  expect(await page.getByText(/failures in a row/).count()).toBe(0);
  await receiver.close();
});

test("nothing was asked of another host, and no script was kept out", () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  expect(desk.errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
});
