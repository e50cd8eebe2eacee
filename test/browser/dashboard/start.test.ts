/** From nothing to a verified payload, on the Start screen alone: a receiver in the browser, and a sandbox's person. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, listOf, makeFirstAccount, openDesk, signIn, titled } from "./desk.ts";

// Each screen is looked at by axe, in light and in dark.
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  const [destination] = await listOf<{ id: string }>(desk.system, "/destinations");
  await desk.system.admin("DELETE", `/destinations/${destination?.id}`);
}, launchMs);
afterAll(() => desk.close());

interface Received {
  readonly type: string;
  readonly signature: string;
}

async function received(): Promise<Received[]> {
  const [receiver] = await listOf<{ id: string }>(desk.system, "/receivers");
  return listOf<Received>(desk.system, `/receivers/${receiver?.id}/requests?limit=500`);
}

const rows = () => desk.page.getByRole("table", { name: "Received requests" }).getByRole("row");

test("a developer without a webhook sees payloads arrive, each with its signature verified", async () => {
  const { page } = desk;
  await desk.open("start", "Start");
  await page.getByText("3 of 5 done").waitFor();
  await page.getByRole("button", { name: "Use the built-in receiver" }).click();
  await page.getByText("Payloads go to the built-in receiver below.").waitFor();
  await page.getByText("Waiting for the first payload").waitFor();
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Connect a sandbox person" }).click();
  await page.getByText("Everything is set up").waitFor();
  await rows().filter({ hasText: "Verified" }).first().waitFor();
  await waitFor("several kinds of payloads", async () => {
    const types = new Set((await received()).map(({ type }) => type));
    return ["auth", "activity", "daily"].every((type) => types.has(type));
  });
  expect((await received()).every(({ signature }) => signature === "verified")).toBe(true);
  await desk.expectAccessible();
});

test("a request opens to its body and its headers, by keyboard", async () => {
  const { page } = desk;
  await rows().nth(1).getByRole("button").focus();
  // Rows that arrive move this one down; it keeps the focus.
  const type = await page.locator(":focus").textContent();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Received request" });
  const body = drawer.getByRole("region", { name: "Body" });
  await body.getByText(`"${type}"`).first().waitFor();
  expect(await body.textContent()).toContain("user_id");
  await drawer.getByRole("tab", { name: "Headers" }).click();
  const headers = (await drawer.getByLabel("Headers").last().textContent()) ?? "";
  expect(headers).toMatch(/terra-signaturet=\d+,v1=[0-9a-f]{64}/);
  expect(headers).toMatch(/webhook-id[0-9a-f-]{36}/);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "hidden" });
});

test("the watch is synced again from Start and from the person's page, and brings something new", async () => {
  const { page } = desk;
  const [person] = await listOf<{ user_id: string }>(desk.system, "/users");
  const count = async () => (await received()).length;
  for (const [place, title] of [
    ["start", "Start"],
    [`people/${person?.user_id}`, /^sandbox-/],
  ] as const) {
    await desk.open(place, title);
    const button = page.getByRole("button", { name: "Sync the watch" });
    await button.waitFor();
    const seen = new Set((await received()).map((one) => JSON.stringify(one)));
    await button.click();
    await waitFor("what is new", async () =>
      (await received()).some((one) => one.type !== "auth" && !seen.has(JSON.stringify(one))),
    );
  }
  expect(await count()).toBeGreaterThan(0);
});

test("a link is made, and opens the page in the chosen language", async () => {
  const { page, context } = desk;
  await desk.open("start", "Start");
  await page.getByRole("button", { name: "Make a link" }).click();
  await page.getByLabel("Your own id of the person").fill("linked-person");
  await page.getByRole("combobox", { name: "Language of the page" }).click();
  await page.getByRole("option", { name: "Deutsch" }).click();
  await page.getByRole("button", { name: "Make link" }).click();
  const link = (await page.getByRole("region", { name: "Connect link" }).textContent()) ?? "";
  expect(link).toMatch(new RegExp(`^${desk.system.server.url}/connect/[\\w-]{43}$`));
  const opening = context.waitForEvent("page");
  await page.getByRole("link", { name: "Open the link" }).click();
  const opened = await opening;
  await opened.waitForLoadState();
  expect([opened.url(), await opened.locator("html").getAttribute("lang")]).toEqual([link, "de"]);
  await opened.close();
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
});

test("a viewer looks at what arrives, and has no button that changes anything", async () => {
  const { page, system, browser } = desk;
  const viewer = { email: "grace@example.com", password: "another long password" };
  expect((await system.admin("POST", "/accounts", { ...viewer, role: "viewer" })).status).toBe(201);
  const other = await browser.newContext({ baseURL: system.server.url });
  const theirs = await other.newPage();
  await theirs.goto("/dashboard");
  await signIn(theirs, viewer);
  await titled(theirs, "Start");
  await theirs.getByRole("table", { name: "Received requests" }).waitFor();
  const names = ["Remove", "Connect a sandbox person", "Make a link", "Sync the watch", "Make a key"];
  for (const name of names) expect(await theirs.getByRole("button", { name }).count(), name).toBe(0);
  await other.close();
  await desk.open("start", "Start");
  for (const name of names) await page.getByRole("button", { name }).first().waitFor();
});

test("a removed receiver is gone with its destination", async () => {
  const { page, system } = desk;
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByText("What it received is deleted.").waitFor();
  await page.getByRole("button", { name: "Remove receiver" }).click();
  await page.getByRole("button", { name: "Use the built-in receiver" }).waitFor();
  expect(await rows().count()).toBe(0);
  expect(await listOf(system, "/destinations")).toEqual([]);
});

test("nothing was asked of another host, and no script was kept out", () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  // The list of a receiver that has just been removed may be asked for once more.
  expect(desk.errors.filter((error) => !error.includes("status of 404"))).toEqual([]);
});
