/** Long lists: read page by page while they are scrolled, with no more rows in the page than are seen. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchMs } from "../chromium.ts";
import { type Desk, makeFirstAccount, openDesk } from "./desk.ts";
import { body } from "./record-bodies.ts";
import { seedPeople, seedRecords } from "./seeded.ts";

const count = 3_000;
let desk: Desk;
let userId: string;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  ({ userId } = await desk.system.connect("holds-much"));
  await seedPeople(desk.system, count);
  await seedRecords(desk.system, userId, count, body("2026-11-02", 0));
}, launchMs);
afterAll(() => desk?.close());

/** Scrolls to the end, again and again, until this text is seen. Returns the most rows that were in the page. */
async function scrollTo(label: string, text: string): Promise<number> {
  const { page } = desk;
  const table = page.getByRole("table", { name: label });
  const last = table.getByText(text, { exact: true });
  let most = 0;
  await expect
    .poll(
      async () => {
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
        most = Math.max(most, await table.getByRole("row").count());
        return last.count();
      },
      { timeout: 540_000, interval: 100 },
    )
    .toBe(1);
  await last.scrollIntoViewIfNeeded();
  expect(await last.isVisible()).toBe(true);
  return most;
}

test("all people are reached by scrolling, and few rows are in the page", async () => {
  const asked: string[] = [];
  desk.page.on("request", (request) => asked.push(request.url()));
  await desk.open("people", "People");
  await desk.page.getByRole("link", { name: "person-1", exact: true }).waitFor();
  expect(await scrollTo("People", `person-${count}`)).toBeLessThan(80);
  const pages = asked.filter((url) => url.includes("/admin/v1/people?"));
  expect(pages.filter((url) => url.includes("before=")).length).toBeGreaterThanOrEqual(count / 100);
  expect(pages.some((url) => url.includes("offset="))).toBe(false);
});

test("all records of a person are reached by scrolling, and few rows are in the page", async () => {
  await desk.open(`people/${userId}?tab=Records`, "holds-much");
  await desk.page.getByRole("table", { name: "Records" }).waitFor();
  expect(await scrollTo("Records", "Thu, 1 Jan 2015, 00:00")).toBeLessThan(80);
});
