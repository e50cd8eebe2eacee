/** What screens show besides their usual content, looked at by axe in light and in dark: dialogs, menus, filters, empty and troubled screens. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, makeFirstAccount, openDesk, titled } from "./desk.ts";
import { everyScreen, type Screen } from "./screens.ts";

let desk: Desk;
let screens: ReadonlyMap<string, Screen>;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  const all = await everyScreen(desk.system);
  screens = new Map(all.map((screen) => [screen.name, screen]));
  await waitFor("the event of the connection", () => desk.system.events("auth").length > 0);
}, launchMs);
afterAll(() => desk?.close());

async function open(name: string): Promise<void> {
  const screen = screens.get(name);
  if (screen === undefined) throw new Error(`there is no screen ${name}`);
  await desk.open(screen.at, screen.title);
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();
const dialog = async (page: Page): Promise<void> =>
  page.getByRole("dialog").filter({ visible: true }).last().waitFor();

/** Each state: where it is met, and what is done for it. */
const states: Readonly<Record<string, readonly [screen: string, act: (page: Page) => Promise<void>]>> = {
  "the menu of environments": ["start", press(/^Environment /)],
  "the menu of the account": ["start", press(/^Account /)],
  "a key that is made": [
    "start",
    async (page) => {
      await press("Make a key")(page);
      await dialog(page);
    },
  ],
  "an open filter": [
    "people",
    async (page) => {
      await page.getByRole("combobox", { name: "State" }).click();
      await page.getByRole("option", { name: "In trouble" }).waitFor();
    },
  ],
  "nobody found": [
    "people",
    async (page) => {
      await page.getByLabel("user_id or reference_id").fill("nobody");
      await page.getByText("Nobody fits").waitFor();
    },
  ],
  "the actions for a person": ["person", press("More")],
  "data that is requested": [
    "person",
    async (page) => {
      await press("More")(page);
      await page.getByRole("menuitem", { name: /^Send data/ }).click();
      await dialog(page);
    },
  ],
  "an erasure that is asked about": [
    "person",
    async (page) => {
      await press("More")(page);
      await page.getByRole("menuitem", { name: /erase/ }).click();
      await dialog(page);
    },
  ],
  "the body of a person": ["person, Body", async () => {}],
  "the JSON of a record": [
    "activity",
    async (page) => {
      await page.getByText("JSON and source").click();
      await page.getByRole("region", { name: "JSON of the record" }).waitFor();
    },
  ],
  "a delivery's drawer": [
    "deliveries",
    async (page) => {
      await page.getByRole("table", { name: "Deliveries" }).getByRole("button").first().click();
      await dialog(page);
    },
  ],
  "a key that is rotated": [
    "keys",
    async (page) => {
      await press("Rotate")(page);
      await dialog(page);
    },
  ],
  "an environment that is made": [
    "keys",
    async (page) => {
      await press("New environment")(page);
      await dialog(page);
    },
  ],
  "an account that is made": [
    "team",
    async (page) => {
      await press("New account")(page);
      await dialog(page);
    },
  ],
  "settings of a destination": ["new destination, its form", press("More settings")],
};

test.each(Object.entries(states))("%s passes axe", async (_, [screen, act]) => {
  await open(screen);
  await desk.expectAccessible(act);
});

test.each([
  ["a person", "people/00000000-0000-4000-8000-000000000000", "Person"],
  ["a screen", "nothing", "There is no such screen"],
])("%s that does not exist passes axe", async (_, at, title) => {
  await desk.open(at, title);
  await desk.page
    .getByText(/No such|not found|Nothing is here|USER_NOT_FOUND/)
    .first()
    .waitFor();
  await desk.expectAccessible();
});

/** Keeps the answers about people back, or breaks them, on one page. */
const whilePeople = (answer: "wait" | "fail") => async (page: Page) => {
  await page.route("**/admin/v1/people*", (route) => (answer === "wait" ? undefined : route.abort()));
  await page.reload();
  await titled(page, "People");
  if (answer === "fail") await page.getByRole("alert").waitFor();
  else await page.getByRole("status", { name: "Loading" }).first().waitFor();
};

test("a list that is loading, and one whose server is away, pass axe", async () => {
  await open("people");
  await desk.expectAccessible(whilePeople("wait"));
  await desk.expectAccessible(whilePeople("fail"));
});

test("each screen of a new environment is empty and passes axe", async () => {
  const made = await desk.system.admin("POST", "/environments", { dev_id: "fresh", name: "Fresh" });
  expect(made.status).toBe(201);
  const { page } = desk;
  for (const name of ["start", "people", "events", "deliveries", "destinations", "keys", "health"]) {
    const screen = screens.get(name);
    await page.goto(`/dashboard/e/fresh/${screen?.at}`);
    await titled(page, screen?.title ?? "");
    await desk.expectAccessible();
  }
});
