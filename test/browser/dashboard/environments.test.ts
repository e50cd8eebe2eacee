/** Environments with their stages and keys, the look of the connect page, and one's own account. */
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { launchMs } from "../chromium.ts";
import { account, type Desk, listOf, makeFirstAccount, openDesk, signIn, titled } from "./desk.ts";

// Each screen is looked at by axe, in light and in dark.
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
}, launchMs);
afterAll(() => desk.close());

test("a stage is chosen with the environment and changed later; every screen says it, by a word and a colour", async () => {
  const { page } = desk;
  await desk.open("keys", "Environments and keys");
  await page.getByRole("button", { name: "New environment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("dev-id").fill("shop");
  await dialog.getByRole("radio", { name: "Production" }).check();
  await dialog.getByRole("button", { name: "Make environment" }).click();
  await page.getByText("0 of 5 done").waitFor();
  await page.getByRole("button", { name: "Environment shop Production" }).waitFor();
  await page.goto("/dashboard/e/shop/keys");
  const panel = page.getByRole("region", { name: "Name and stage" });
  await panel.getByRole("radio", { name: "Staging" }).check();
  await panel.getByLabel("Name").fill("The shop");
  await panel.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Environment The shop Staging" }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path, title] of [
    ["people", "People"],
    ["health", "Health"],
  ] as const) {
    await page.goto(`/dashboard/e/shop/${path}`);
    await titled(page, title);
    await page.getByText("Staging", { exact: true }).first().waitFor();
    expect(await page.getByText("Staging", { exact: true }).first().isVisible()).toBe(true);
  }
  await page.setViewportSize({ width: 1360, height: 900 });
  await desk.open("audit", "Team and audit log");
  await page
    .getByRole("button", { name: /PATCH \/environments/ })
    .first()
    .waitFor();
});

test("a rotated key works until the time that is said, and not after it", async () => {
  const { page, system } = desk;
  const { url, devId } = system.server;
  const statusWith = async (key: string) =>
    (await fetch(`${url}/v2/subscriptions`, { headers: { "dev-id": devId, "x-api-key": key } })).status;
  await desk.open("keys", "Environments and keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("textbox", { name: "What it is for" }).fill("backend");
  await page.getByRole("button", { name: "Make key" }).click();
  const former = (await page.getByRole("region", { name: "API key", exact: true }).textContent()) ?? "";
  await page.getByRole("button", { name: "Done" }).click();
  const rows = page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ hasText: "backend" });
  await rows.getByRole("button", { name: "Rotate" }).click();
  await page.getByLabel("The former key works").selectOption("for another hour");
  await page.getByRole("button", { name: "Make the new key" }).click();
  const successor = (await page.getByRole("region", { name: "New API key" }).textContent()) ?? "";
  const said = (await page.getByRole("dialog").locator("strong").textContent()) ?? "";
  const minutes = (Date.parse(said.replace(" UTC", "Z").replace(" ", "T")) - Date.now()) / 60_000;
  expect([minutes > 58, minutes <= 60]).toEqual([true, true]);
  expect([await statusWith(former), await statusWith(successor)]).toEqual([200, 200]);
  await page.getByRole("button", { name: "Done" }).click();
  await rows.filter({ hasText: `valid until ${said}` }).waitFor();
  await desk.expectAccessible();
  // The hour passes.
  await system.query("UPDATE api_keys SET expires_at = now() WHERE expires_at IS NOT NULL");
  await waitFor("the end of the former key", async () => (await statusWith(former)) === 401);
  expect(await statusWith(successor)).toBe(200);
  await page.reload();
  await rows.filter({ hasText: "ended" }).waitFor();
  await rows.filter({ hasText: "in use" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await rows.filter({ hasText: "revoked" }).waitFor();
  expect(await statusWith(successor)).toBe(401);
});

/** Runs in the browser. */
const backgroundOf = (element: unknown): string =>
  (globalThis as unknown as { getComputedStyle(of: unknown): { backgroundColor: string } }).getComputedStyle(
    element,
  ).backgroundColor;

test("the connect page's look is seen before it is saved, and a wrong picture is refused in plain words", async () => {
  const { page, system } = desk;
  await desk.open("keys", "Environments and keys");
  const panel = page.getByRole("region", { name: "Connect page", exact: true });
  const shown = page.frameLocator('iframe[title="Preview of the connect page"]');
  await shown.getByText("Share your Polar data with the app").waitFor();
  await panel.getByLabel("Your app’s name").fill("Morgenlauf");
  await panel.getByRole("textbox", { name: "Colour of buttons and marks" }).fill("#0f766e");
  await shown.getByText("Share your Polar data with Morgenlauf").waitFor();
  const background = () => shown.locator("button").first().evaluate(backgroundOf);
  await waitFor("the colour", async () => (await background()) === "rgb(15, 118, 110)");
  const choose = panel.locator('input[type="file"]');
  await choose.setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
  await panel.getByText("SVG is not taken, since it may contain scripts.").waitFor();
  await choose.setInputFiles({ name: "big.png", mimeType: "image/png", buffer: Buffer.alloc(80_000) });
  await panel.getByText("“big.png” has 79 kB; 24 kB is the most.").waitFor();
  await choose.setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("text") });
  await panel.getByText("“no.png” cannot be read as a picture.").waitFor();
  await choose.setInputFiles(path.join(import.meta.dirname, "../fixtures/logo.png"));
  const widthOf = () =>
    shown
      .locator("img")
      .first()
      .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
  await waitFor("the logo", async () => (await widthOf()) > 0);
  await panel.getByText("Dark", { exact: true }).click();
  await waitFor("the dark page", async () => {
    const color = await shown.locator("body").evaluate(backgroundOf);
    return color === "rgb(25, 29, 34)";
  });
  await panel.getByText("The list", { exact: true }).click();
  await panel.getByLabel("Language of the preview").selectOption("Deutsch");
  await shown.locator('html[lang="de"]').waitFor();
  // Nothing of it was saved so far.
  const [before] = await listOf<{ brand: object }>(system, "/environments");
  expect(before?.brand).toEqual({ name: null, color: null, logo: null });
  await panel.getByRole("button", { name: "Save the look" }).click();
  await panel.getByText("The look is saved.").waitFor();
  const [after] = await listOf<{ brand: object }>(system, "/environments");
  expect(after?.brand).toMatchObject({ name: "Morgenlauf", color: "#0f766e" });
  await desk.expectAccessible();
});

test("one's own password is changed with the present one; other browsers are signed out", async () => {
  const { page, browser, system } = desk;
  const other = await browser.newContext({ baseURL: system.server.url });
  const theirs = await other.newPage();
  await theirs.goto("/dashboard");
  await signIn(theirs, account);
  await titled(theirs, "Start");
  await desk.open("start", "Start");
  await page.getByRole("button", { name: `Account ${account.email}` }).click();
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await titled(page, "Your account");
  const sessions = page.getByRole("table", { name: "Where you are signed in" });
  await sessions.getByText("this one").waitFor();
  await desk.expectAccessible();
  await page.getByLabel("Present password").fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("quite another battery");
  await page.getByLabel("New password once more").fill("quite another batter");
  await page.getByText("is not the same").waitFor();
  await page.getByLabel("New password once more").fill("quite another battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("is wrong").first().waitFor();
  await page.getByLabel("Present password").fill(account.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Changed. Other browsers are signed out.").waitFor();
  await theirs.reload();
  await theirs.getByLabel("E-mail").waitFor();
  await signIn(theirs, { ...account, password: "quite another battery" });
  await titled(theirs, "Start");
  await page.reload();
  await sessions.getByRole("button", { name: "Sign out" }).click();
  await sessions.getByRole("button", { name: "Sign out" }).waitFor({ state: "detached" });
  await theirs.reload();
  await theirs.getByLabel("E-mail").waitFor();
  await other.close();
});

test("who forgot the password signs in with an admin's link and sets a new one", async () => {
  const { page, browser, system } = desk;
  const email = "grace@example.com";
  await system.admin("POST", "/accounts", { email, password: "a forgotten password", role: "viewer" });
  await desk.open("audit", "Team and audit log");
  const row = page.getByRole("table", { name: "Accounts" }).getByRole("row").filter({ hasText: email });
  await row.getByRole("button", { name: "Sign-in link" }).click();
  const link = (await page.getByRole("region", { name: "sign-in link" }).textContent()) ?? "";
  const other = await browser.newContext({ baseURL: system.server.url });
  const theirs = await other.newPage();
  await theirs.goto(link);
  await titled(theirs, "Start");
  await theirs.goto(`/dashboard/e/${system.server.devId}/account`);
  await theirs.getByText("the present password is not needed").waitFor();
  await theirs.getByLabel("New password", { exact: true }).fill("remembered this time");
  await theirs.getByLabel("New password once more").fill("remembered this time");
  await theirs.getByRole("button", { name: "Change password" }).click();
  await theirs.getByText("Changed. Other browsers are signed out.").waitFor();
  await theirs.context().clearCookies();
  await theirs.goto("/dashboard");
  await signIn(theirs, { email, password: "remembered this time" });
  await titled(theirs, "Start");
  await other.close();
});

test("nothing was asked of another host, and no script was kept out", () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  expect(desk.errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
});
