/** Records as they are drawn: values, units, gaps and times are the record's own. The browser is far east of them. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settled } from "../../support/sync.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, makeFirstAccount, openDesk, titled } from "./desk.ts";
import { activity, body, day, heartRate, night, offset } from "./record-bodies.ts";
import { seedRecord, type Timed } from "./seeded.ts";

let desk: Desk;
let userId: string;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  ({ userId } = await desk.system.connect("tenzing"));
  // The provider's list of workouts, which is empty, would take away those that are written here.
  await settled(desk.system);
}, launchMs);
afterAll(() => desk?.close());

const show = async (type: string, record: Timed, title: RegExp): Promise<void> =>
  desk.open(await seedRecord(desk.system, userId, type, record), title);

const plots = (page: Page): Locator => page.locator("[data-from]");
/** The ranges of time that the charts show. */
const ranges = (page: Page): Promise<string[]> =>
  plots(page).evaluateAll((all) => all.map((one) => `${Object(one).dataset.from} ${Object(one).dataset.to}`));

/** The place of a chart's drawing, without its axes. */
async function areaOf(page: Page, title: string) {
  const over = page.getByRole("img", { name: new RegExp(`^${title}`) }).locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (box === null) throw new Error(`${title} is not drawn`);
  return { at: (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const, over };
}

async function pointAt(page: Page, title: string, share: number): Promise<void> {
  const { at } = await areaOf(page, title);
  await page.mouse.move(...at(share));
}

const told = (page: Page, title: string): Promise<string | null> =>
  page.locator("figure").filter({ hasText: title }).locator("figcaption > span").nth(1).textContent();

test("an activity's traces share the record's time, with its values, its units and its gap", async () => {
  const { page } = desk;
  await show("activity", activity("2026-11-02", { hasRoute: true }), /^Activity, Mon, 2 Nov 2026, 06:10$/);
  await page.getByText(`UTC${offset}`).waitFor();
  await page.getByRole("img", { name: /^Power in W: lowest 200, mean 260, highest 320/ }).waitFor();
  expect(await ranges(page)).toEqual(new Array(4).fill("06:10:00 06:30:00"));
  await pointAt(page, "Heart rate", 0.5);
  expect(await told(page, "Heart rate")).toBe(`06:20:00 · ${heartRate(60)} bpm`);
  // The cursor of one is that of all.
  expect(await told(page, "Speed")).toBe("06:20:00 · 9.0 km/h");
  expect(await told(page, "Altitude")).toBe("06:20:00 · 1360 m");
  await pointAt(page, "Heart rate", 0.25);
  expect(await told(page, "Heart rate")).toBe("");
  expect(await told(page, "Power")).toBe("06:15:00 · 230 W");
});

/** Counts the pixels of a colour in one column of a chart's drawing. */
const inked = (page: Page, title: string, share: number): Promise<number> =>
  page
    .getByRole("img", { name: new RegExp(`^${title}`) })
    .locator("canvas")
    .evaluate((element, at) => {
      const canvas = Object(element);
      const [frame, over] = [canvas.getBoundingClientRect(), canvas.parentElement.querySelector(".u-over")];
      const box = over.getBoundingClientRect();
      const scale = canvas.width / frame.width;
      const x = Math.round((box.left - frame.left + box.width * at) * scale);
      const { data } = canvas.getContext("2d").getImageData(x, 0, 1, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] > 150 && data[i + 1] < 90 && data[i + 2] < 140) count += 1;
      }
      return count;
    }, share);

test("null is a gap in the line, and no zero", async () => {
  const { page } = desk;
  await page.mouse.move(0, 0);
  expect(await inked(page, "Heart rate", 0.5)).toBeGreaterThan(0);
  expect(await inked(page, "Heart rate", 0.25)).toBe(0);
});

test("a brushed range is shown by every trace, and a double click shows all again", async () => {
  const { page } = desk;
  const { at, over } = await areaOf(page, "Speed");
  await page.mouse.move(...at(0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.4), { steps: 4 });
  await page.mouse.move(...at(0.5), { steps: 4 });
  await page.mouse.up();
  const brushed = await ranges(page);
  expect(new Set(brushed).size).toBe(1);
  expect(brushed[0]).toMatch(/^06:(14:5\d|15:0\d) 06:(19:5\d|20:0\d)$/);
  await over.dblclick();
  expect(await ranges(page)).toEqual(new Array(4).fill("06:10:00 06:30:00"));
});

test("by keyboard, plus zooms every trace and escape shows all", async () => {
  const { page } = desk;
  await page.getByRole("img", { name: /^Altitude/ }).focus();
  await page.keyboard.press("+");
  expect(await ranges(page)).toEqual(new Array(4).fill("06:15:00 06:25:00"));
  await page.keyboard.press("ArrowLeft");
  expect(await ranges(page)).toEqual(new Array(4).fill("06:12:30 06:22:30"));
  await page.keyboard.press("Escape");
  expect(await ranges(page)).toEqual(new Array(4).fill("06:10:00 06:30:00"));
});

test("a lap that is pointed at stands out in every trace, also by keyboard", async () => {
  const { page } = desk;
  const lap = page.getByRole("table", { name: "Laps" }).getByRole("row").nth(2);
  expect(await lap.textContent()).toContain("06:20:00");
  const marks = () => plots(page).evaluateAll((all) => all.map((one) => Object(one).dataset.highlight));
  expect(await marks()).toEqual(new Array(4).fill(undefined));
  await lap.hover();
  const wall = (clock: string): number => Date.parse(`2026-11-02T${clock}Z`) / 1000;
  const second = `${wall("06:20:00")} ${wall("06:30:00")}`;
  await expect.poll(marks).toEqual(new Array(4).fill(second));
  await page.mouse.move(0, 0);
  await expect.poll(marks).toEqual(new Array(4).fill(undefined));
  await page.getByRole("button", { name: "Show lap 1" }).focus();
  const first = `${wall("06:10:00")} ${wall("06:20:00")}`;
  await expect.poll(marks).toEqual(new Array(4).fill(first));
});

test("a route is drawn to scale without a map service; without positions a sentence says so", async () => {
  const { page } = desk;
  const route = page.getByRole("img", { name: "Route, 3.0 km, north is up" });
  // 0.012 degrees of latitude are 1,336 m, due north: one line, straight up.
  const points = ((await route.locator("polyline").getAttribute("points")) ?? "").split(" ");
  const xs = new Set(points.map((point) => point.split(",")[0]));
  expect([points.length, xs.size]).toEqual([121, 1]);
  // On 364 pixels; a fifth of the width is then 800 to 900 m, and the bar the round length below.
  await route.getByText("500 m").waitFor();
  await show("activity", activity("2026-11-03", { hasRoute: false }), /^Activity, Tue, 3 Nov 2026/);
  await page.getByText("No route: this activity holds no positions.").waitFor();
  expect(await page.locator("polyline").count()).toBe(0);
});

test("a night's stages lie at their own hours, above heart rate, HRV and breathing on the same time", async () => {
  const { page } = desk;
  await show("sleep", night("2026-11-04"), /^Night, Wed, 4 Nov 2026, 00:00$/);
  const stages = page.getByRole("img", {
    name: "Sleep stages: awake 1 h 00 min, rem 1 h 00 min, light 3 h 00 min, deep 1 h 00 min",
  });
  const drawn = await stages.locator("rect").evaluateAll((all) =>
    all.map((one) => {
      const { x, width, y } = Object(one);
      const name = Object(one).querySelector("title").textContent;
      return { name, x: x.baseVal.value, width: width.baseVal.value, y: y.baseVal.value };
    }),
  );
  expect(drawn.map(({ name }) => name)).toEqual([
    "Awake, 00:00 to 01:00",
    "Light, 01:00 to 02:00",
    "Deep, 02:00 to 03:00",
    "Light, 03:00 to 04:00",
    "REM, 04:00 to 05:00",
    "Light, 05:00 to 06:00",
  ]);
  const [awake, light, deep] = drawn;
  expect(new Set(drawn.map(({ width }) => Math.round(width))).size).toBe(1);
  expect(light?.x).toBeCloseTo((awake?.x ?? 0) + (awake?.width ?? 0), 1);
  expect(deep?.y).toBeGreaterThan(light?.y ?? 0);
  expect(await ranges(page)).toEqual(new Array(3).fill("00:00:00 06:00:00"));
  await pointAt(page, "Breathing", 0.5);
  expect(await told(page, "Breathing")).toBe("03:00:00 · 14.5 breaths/min");
  expect(await told(page, "HRV")).toBe("03:00:00 · 60 ms");
});

test("a day shows the steps of each hour, none where nothing was sampled, its zones and its heart rate", async () => {
  const { page } = desk;
  await show("daily", day("2026-11-05"), /^Day, Thu, 5 Nov 2026$/);
  expect(await ranges(page)).toEqual(new Array(2).fill("00:00:00 00:00:00"));
  await pointAt(page, "Steps", 8.5 / 24);
  expect(await told(page, "Steps")).toBe("08:30:00 · 1200 each hour");
  await pointAt(page, "Steps", 15.5 / 24);
  expect(await told(page, "Steps")).toBe("");
  const zones = page.getByRole("table", { name: "Heart-rate zones" });
  expect(await zones.getByRole("row").first().textContent()).toMatch(/100 – 120 bpm1 h 30 min75 %/);
});

test("weight and blood pressure are drawn over months, each with its unit", async () => {
  const { page } = desk;
  for (let index = 0; index < 90; index++) {
    const date = new Date(Date.UTC(2026, 7, 1 + index)).toISOString().slice(0, 10);
    await seedRecord(desk.system, userId, "body", body(date, index));
  }
  await desk.open(`people/${userId}?tab=Body`, "tenzing");
  await page.getByRole("img", { name: /^Weight in kg: lowest 71\.1, mean 75\.\d, highest 80\.0/ }).waitFor();
  await page
    .getByRole("img", { name: /^Systolic blood pressure in mmHg: lowest 120, mean 12\d, highest 129/ })
    .waitFor();
  await page
    .getByRole("img", { name: /^Diastolic blood pressure in mmHg: lowest 80, mean 80, highest 80/ })
    .waitFor();
  expect(new Set(await ranges(page)).size).toBe(1);
  await pointAt(page, "Weight", 1 / 91);
  expect(await told(page, "Weight")).toBe("2026-08-01 · 80.0 kg");
  await desk.expectAccessible();
  await titled(page, "tenzing");
});

test("a record is downloaded as FHIR and as FIT", async () => {
  const { page } = desk;
  await show("activity", activity("2026-11-06", { hasRoute: true }), /^Activity, Fri, 6 Nov 2026/);
  for (const [name, file] of [
    ["FHIR", /^activity-.*\.fhir\.json$/],
    ["FIT", /^activity-.*\.fit$/],
  ] as const) {
    const begun = page.waitForEvent("download");
    await page.getByRole("link", { name, exact: true }).click();
    expect((await begun).suggestedFilename()).toMatch(file);
  }
});
