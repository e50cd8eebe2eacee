/** Signing in, as somebody who has just started the server, and as their colleague. */
import { get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchMs } from "../chromium.ts";
import { account, type Desk, listOf, makeFirstAccount, openDesk, signIn, titled } from "./desk.ts";

// Each screen is looked at by axe, in light and in dark.
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
}, launchMs);
afterAll(() => desk.close());

const signOut = async (): Promise<void> => {
  const { page } = desk;
  await page.getByRole("button", { name: `Account ${account.email}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
};

test("the first visit asks for the admin token, refuses a wrong one, and makes an account that is signed in", async () => {
  const { page } = desk;
  await page.goto("/dashboard");
  await page.getByRole("heading", { name: "Make the first account" }).waitFor();
  await desk.expectAccessible();
  await page.getByLabel("Admin token").fill("guessed");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Make account and sign in" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("ADMIN_TOKEN_INVALID");
  await makeFirstAccount(desk);
  await page.getByRole("button", { name: `Account ${account.email}` }).waitFor();
});

test("after signing out nothing is seen, and a link to a screen leads there once one has signed in", async () => {
  const { page, system } = desk;
  await signOut();
  await page.goto(`/dashboard/e/${system.server.devId}/destinations`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await desk.expectAccessible();
  await signIn(page, { ...account, password: "not the password" });
  expect(await page.getByRole("alert").textContent()).toContain("SIGN_IN_REFUSED");
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.keyboard.press("Enter");
  await titled(page, "Destinations");
});

test("a link signs in once", async () => {
  const { page, system } = desk;
  const [first] = await listOf<{ id: string }>(system, "/accounts");
  const made = await system.admin("POST", "/session/links", { account_id: first?.id });
  const { url } = (await made.json()) as { url: string };
  await signOut();
  await page.goto(url);
  await titled(page, "Start");
  expect(page.url()).not.toContain("link=");
  await signOut();
  await page.goto(url);
  expect(await page.getByRole("alert").textContent()).toContain("SIGN_IN_LINK_INVALID");
  await desk.expectAccessible();
});

test("an address that leads elsewhere is not followed after signing in", async () => {
  const { page } = desk;
  await page.goto("/dashboard/sign-in?to=https%3A%2F%2Fexample.org%2F");
  await signIn(page, account);
  await titled(page, "Start");
});

test("the first load is at most 300 kB gzipped: signing in, fonts and Start, without charts", async () => {
  const { browser, system } = desk;
  const context = await browser.newContext({ baseURL: system.server.url });
  const page = await context.newPage();
  await page.goto("/dashboard");
  await signIn(page, account);
  await titled(page, "Start");
  await page.waitForLoadState("networkidle");
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const files = [page.url(), ...asked];
  await context.close();
  const own = [...new Set(files.filter((name) => name.includes("/dashboard/")))];
  expect(own.length).toBeGreaterThan(5);
  const sizes = await Promise.all(own.map(gzippedSize));
  const sum = sizes.reduce((bytes, size) => bytes + size, 0);
  expect(sum).toBeGreaterThan(100_000);
  expect(sum).toBeLessThan(300_000);
});

/** Returns the bytes that a browser without brotli gets. */
function gzippedSize(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers: { "accept-encoding": "gzip" } }, async (answer) => {
      let size = 0;
      for await (const chunk of answer) size += (chunk as Buffer).length;
      resolve(size);
    });
    asked.once("error", reject);
  });
}

test("the page asks nobody but its own server, and no script breaks or is kept out", async () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  // A wrong password is answered with 401, which the browser tells as an error of the network.
  expect(desk.errors.filter((error) => !error.includes("status of 401"))).toEqual([]);
});
