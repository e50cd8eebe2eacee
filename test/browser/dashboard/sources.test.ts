/** A source: its credentials, its webhook, its quota, and which of its data is handled. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addProvider, findProvider } from "../../../src/providers/registry.ts";
import { inlet } from "../../invented/inlet/plugin.ts";
import { keyed } from "../../invented/keyed/plugin.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, makeFirstAccount, openDesk, titled } from "./desk.ts";

// Each screen is looked at by axe, in light and in dark.
let desk: Desk;
beforeAll(async () => {
  for (const provider of [keyed, inlet]) if (findProvider(provider.slug) === null) addProvider(provider);
  desk = await openDesk();
  await makeFirstAccount(desk);
}, launchMs);
afterAll(() => desk.close());

test("the quota is shown with its forecast, and the webhook is looked at again on request", async () => {
  const { page, system } = desk;
  await system.connect("somebody");
  await desk.open("sources/polar", "Polar");
  const quota = page.getByRole("region", { name: "Quota" });
  await quota
    .getByText(/\d+ of [\d,]+ calls in .+; anew in/)
    .first()
    .waitFor();
  await quota
    .getByText(/At the present rate it is used up in|It does not look as if/)
    .first()
    .waitFor();
  await quota.getByText("1 connected.").waitFor();
  const webhook = page.getByRole("region", { name: "Webhook at the provider" });
  await webhook.getByText("active", { exact: true }).waitFor();
  await webhook.getByRole("button", { name: "Check and repair" }).click();
  await page.getByText("The webhook is active.").waitFor();
});

test("a client id and a secret enable the provider, and the secret is never shown again", async () => {
  const { page, system } = desk;
  await system.admin("POST", "/environments", { dev_id: "fresh" });
  await page.goto("/dashboard/e/fresh/sources/polar");
  await titled(page, "Polar");
  await page.getByText("can be chosen once Polar is enabled").waitFor();
  await page.getByLabel("Client id").fill(system.sandbox.clientId);
  await page.getByLabel("Client secret").fill(system.sandbox.clientSecret);
  await page.getByRole("button", { name: "Enable Polar" }).click();
  await page.getByText("Saved.").waitFor();
  await page.reload();
  await titled(page, "Polar");
  expect(await page.getByLabel("Client id").inputValue()).toBe(system.sandbox.clientId);
  expect(await page.content()).not.toContain(system.sandbox.clientSecret);
  expect(await page.getByLabel("Client secret").inputValue()).not.toBe(system.sandbox.clientSecret);
  await system.admin("PUT", "/providers/polar?environment=fresh", { client_id: "another" });
});

test("data types are chosen, and the connect page promises only those", async () => {
  const { page, system } = desk;
  await desk.open("sources/polar", "Polar");
  const panel = page.getByRole("region", { name: "Data", exact: true });
  await panel.getByRole("checkbox", { name: "activity" }).uncheck();
  await panel.getByRole("checkbox", { name: "body" }).uncheck();
  await panel.getByRole("switch", { name: "Send samples" }).uncheck();
  await panel.getByRole("button", { name: "Save data types" }).click();
  await panel.getByText("Data types saved.").waitFor();
  await desk.expectAccessible();
  await page.reload();
  await titled(page, "Polar");
  expect(await panel.getByRole("checkbox", { name: "activity" }).isChecked()).toBe(false);
  expect(await panel.getByRole("checkbox", { name: "sleep" }).isChecked()).toBe(true);
  expect(await panel.getByRole("switch", { name: "Send samples" }).isChecked()).toBe(false);
  const headers = {
    "dev-id": system.server.devId,
    "x-api-key": system.server.apiKey,
    "content-type": "application/json",
  };
  const made = await fetch(`${system.server.url}/v2/auth/generateWidgetSession`, {
    method: "POST",
    headers,
    body: JSON.stringify({ language: "en", providers: "POLAR" }),
  });
  const { url } = (await made.json()) as { url: string };
  await page.goto(url);
  await page.getByText("Sleep", { exact: true }).waitFor();
  expect(await page.getByText("Workouts", { exact: true }).count()).toBe(0);
});

test("nothing can be chosen away: one type is needed", async () => {
  const { page } = desk;
  await desk.open("sources/polar", "Polar");
  const panel = page.getByRole("region", { name: "Data", exact: true });
  for (const type of ["daily", "sleep", "athlete"])
    await panel.getByRole("checkbox", { name: type }).uncheck();
  await panel.getByText("Choose one or more").waitFor();
  expect(await panel.getByRole("button", { name: "Save data types" }).isDisabled()).toBe(true);
});

test("a provider that needs no credentials, no webhook or no limits says so", async () => {
  const { page } = desk;
  await desk.open("sources/inlet", "Inlet");
  await page.getByText("Inlet needs no client id and no secret: it is enabled as it is.").waitFor();
  await page.getByText("Inlet needs no webhook: people’s own clients upload their data here.").waitFor();
  await page.getByText("A provider that only pushes has no limits here.").waitFor();
  await desk.expectAccessible();
  await desk.open("sources/keyed", "Keyed");
  await page.getByText("Keyed needs no webhook: Systole asks it from time to time.").waitFor();
  await desk.expectAccessible();
});
