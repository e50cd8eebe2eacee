/** The dashboard without a mouse: the focus is always seen, leads everywhere, and comes back. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchMs } from "../chromium.ts";
import { account, type Desk, loaded, makeFirstAccount, openDesk, titled } from "./desk.ts";
import { night } from "./record-bodies.ts";
import { seedRecord } from "./seeded.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  const { userId } = await desk.system.connect("tenzing");
  await seedRecord(desk.system, userId, "sleep", night("2026-11-02"));
  await desk.system.admin("DELETE", "/session");
  await desk.context.clearCookies();
}, launchMs);
afterAll(() => desk?.close());

interface Focused {
  readonly name: string;
  /** Whether an outline or a border tells where the focus is. */
  readonly isSeen: boolean;
}

/** Returns the text of the focused element, and whether it looks different from its unfocused state. */
const focused = (page: Page): Promise<Focused> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const { parentElement: parent, nextElementSibling: next } = element;
    // Fields and switches show the focus around themselves or beside.
    const places = [element, parent, parent?.parentElement, next].filter(Boolean);
    const look = () => places.map((place) => {
      const { outlineStyle, outlineWidth, borderColor, boxShadow, left } = getComputedStyle(place);
      return [outlineStyle, outlineWidth, borderColor, boxShadow, left].join(" ");
    }).join();
    const before = look();
    element.blur();
    const after = look();
    element.focus({ focusVisible: true, preventScroll: true });
    const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
    return { name: name.trim(), isSeen: before !== after };
  })()`);

/** Presses Tab until what has the focus is called so. Everything on the way must be seen to have it. */
async function tabTo(name: RegExp, most = 60): Promise<void> {
  const { page } = desk;
  const passed: string[] = [];
  for (let step = 0; step < most; step++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    expect(now.isSeen, `the focus on “${now.name}” is seen`).toBe(true);
    if (name.test(now.name)) return;
    passed.push(now.name);
  }
  throw new Error(`${name} was not reached: ${passed.join(", ")}`);
}

/** Waits for a screen and what it shows: a control that is replaced by an answer would take the focus with it. */
async function arrived(title: string | RegExp): Promise<void> {
  await titled(desk.page, title);
  await loaded(desk.page);
}

test("from signing in to a record and back, by keyboard alone", async () => {
  const { page } = desk;
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await tabTo(/^E-mail/);
  await page.keyboard.type(account.email);
  await tabTo(/^Password/);
  await page.keyboard.type(account.password);
  await tabTo(/^Sign in$/);
  await page.keyboard.press("Enter");
  await arrived("Start");
  await tabTo(/^People$/);
  await page.keyboard.press("Enter");
  await arrived("People");
  // The focus is in the new screen already: its own controls come next.
  await tabTo(/^tenzing$/, 20);
  await page.keyboard.press("Enter");
  await arrived("tenzing");
  await tabTo(/^Overview$/);
  await page.keyboard.press("ArrowRight");
  await page.getByRole("link", { name: "sleep" }).waitFor();
  await tabTo(/^sleep$/);
  await page.keyboard.press("Enter");
  await arrived(/^Night, /);
  await tabTo(/^Person$/);
  await page.keyboard.press("Enter");
  await arrived("tenzing");
});

test("the first stop of a screen leads past the menu, into the content", async () => {
  const { page } = desk;
  await desk.open("people", "People");
  await page.getByRole("link", { name: "tenzing" }).waitFor();
  await page.keyboard.press("Tab");
  expect((await focused(page)).name).toBe("Skip to content");
  expect(await page.getByRole("link", { name: "Skip to content" }).boundingBox()).toMatchObject({ x: 8 });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect((await focused(page)).name).toBe("Make a link");
});

test("no screen traps the focus: it goes round through everything and leaves", async () => {
  const { page } = desk;
  await desk.open("people", "People");
  await page.getByRole("link", { name: "tenzing" }).waitFor();
  const names: string[] = [];
  for (let step = 0; step < 60 && names.at(-1) !== "the page"; step++) {
    await page.keyboard.press("Tab");
    names.push(
      await page.evaluate(
        "document.activeElement === document.body ? 'the page' : document.activeElement.textContent",
      ),
    );
  }
  expect(names.at(-1)).toBe("the page");
  expect(names).toContain("tenzing");
});

const hasFocus = async (name: string | RegExp): Promise<void> =>
  expect.poll(async () => (await focused(desk.page)).name).toMatch(name);

test("a dialog keeps the focus while it is open, closes with escape, and gives the focus back", async () => {
  const { page } = desk;
  await desk.open("keys", "Environments and keys");
  await page.getByRole("button", { name: "New environment" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("dev-id").waitFor();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")).toBe(true);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await hasFocus(/^New environment$/);
});

test("a dialog that a menu opened gives the focus back to the menu's button", async () => {
  const { page } = desk;
  await desk.open("people", "People");
  await page.getByRole("link", { name: "tenzing" }).click();
  await titled(page, "tenzing");
  await page.getByRole("button", { name: "More" }).focus();
  await page.keyboard.press("Enter");
  await hasFocus(/^Send data/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await hasFocus(/^More$/);
});
