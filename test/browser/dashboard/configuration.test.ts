/** Keys, sources, destinations and the audit log, changed as a developer changes them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startReceiver } from "../../support/receiver.ts";
import { waitFor } from "../../support/wait.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, listOf, makeFirstAccount, openDesk, signIn, titled } from "./desk.ts";

// Each screen is looked at by axe, in light and in dark.
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
}, launchMs);
afterAll(() => desk.close());

test("Start shows what is done and what is next, and examples with the real values", async () => {
  const { page, system } = desk;
  await desk.open("start", "Start");
  await page.getByText("4 of 5 done").waitFor();
  await page.getByText("Polar tells Systole at once what is new.").waitFor();
  const example = page.getByRole("region", { name: "terra-api example" });
  expect(await example.textContent()).toContain(`baseUrl: "${system.server.url}/v2/"`);
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("textbox", { name: "What it is for" }).fill("browser test");
  await page.getByRole("button", { name: "Make key" }).click();
  const key = (await page.getByRole("region", { name: "API key" }).textContent()) ?? "";
  await page.getByRole("button", { name: "Done" }).click();
  expect(await example.textContent()).toContain(`apiKey: "${key}"`);
  await page.getByText("curl", { exact: true }).click();
  const curl = (await page.getByRole("region", { name: "curl example" }).textContent()) ?? "";
  expect(curl).toContain(`x-api-key: ${key}`);
  await system.connect("person-1");
  await page.getByText("Everything is set up").waitFor();
  await desk.expectAccessible();
});

test("a webhook is added from its form, tested, paused, given a new secret and deleted", async () => {
  const { page, system } = desk;
  const receiver = await startReceiver();
  await desk.open("destinations/new", "Add destination");
  await desk.expectAccessible();
  await page.getByText("Webhook", { exact: true }).click();
  await titled(page, "Add Webhook");
  await page.getByRole("button", { name: "Add destination" }).click();
  await page.getByLabel("URL").fill(receiver.url);
  await page.getByRole("button", { name: "Add destination" }).click();
  const secret = (await page.getByRole("region", { name: "Signing secret" }).textContent()) ?? "";
  expect(secret.length).toBeGreaterThanOrEqual(16);
  await page.getByText(/It works/).waitFor();
  await page.getByRole("link", { name: "Go to the destination" }).click();
  // A query may hold a secret, so it is not shown.
  await titled(page, `127.0.0.1:${new URL(receiver.url).port}/hook`);
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await page.getByRole("button", { name: "Make a new secret" }).click();
  expect(await page.getByRole("region", { name: "New signing secret" }).textContent()).not.toBe(secret);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Delete destination" }).click();
  await page.getByText("Nothing more is sent there, from now on.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Delete destination" }).click();
  await titled(page, "Destinations");
  expect(await listOf(system, "/destinations")).toHaveLength(1);
  await receiver.close();
});

test("a destination's format is chosen in its form and changed on its page", async () => {
  const { page, system } = desk;
  const kept = async (id: string) => {
    const answer = await system.admin("GET", `/destinations/${id}`);
    const { format, when_unsupported } = (await answer.json()) as Record<string, string>;
    return [format, when_unsupported];
  };
  await desk.open("destinations/new?kind=webhook", "Add Webhook");
  await page.getByLabel("URL").fill("http://127.0.0.1:9/formats");
  await page.getByText("FIT files", { exact: true }).click();
  await page.getByLabel(/^Leave out what FIT has no form for/).check();
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Add destination" }).click();
  await page.getByRole("link", { name: "Go to the destination" }).click();
  await titled(page, "127.0.0.1:9/formats");
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect(await kept(id)).toEqual(["fit", "leave_out"]);
  await page.getByText("FHIR R4", { exact: true }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await waitFor("the format", async () => (await kept(id))[0] === "fhir");
  await system.admin("DELETE", `/destinations/${id}`);
});

test("a FHIR server is added from its form, which names what its authorisation lacks", async () => {
  const { page, system } = desk;
  await desk.open("destinations/new?kind=fhir", "Add FHIR R4 server");
  // It gets one format alone: there is none to choose.
  expect(await page.getByText("FIT files", { exact: true }).count()).toBe(0);
  await page.getByLabel("Base URL").fill("http://127.0.0.1:9/r4");
  await page.getByRole("button", { name: "More settings" }).click();
  await page.getByRole("combobox", { name: "Authorization" }).click();
  await page.getByRole("option", { name: "basic" }).click();
  await page.getByLabel("Username").fill("systole");
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Add destination" }).click();
  await page.getByText("is needed with `authorization: basic`").first().waitFor();
  await page.getByRole("textbox", { name: "Password", exact: true }).fill("a password");
  await page.getByRole("button", { name: "Add destination" }).click();
  await page.getByRole("link", { name: "Go to the destination" }).click();
  await titled(page, "127.0.0.1:9/r4");
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const answer = await system.admin("GET", `/destinations/${id}`);
  const made = (await answer.json()) as { settings: Record<string, unknown> };
  expect(made).toMatchObject({
    kind: "fhir",
    format: "fhir",
    when_unsupported: "leave_out",
    settings: { base_url: "http://127.0.0.1:9/r4", authorization: "basic", username: "systole" },
  });
  expect(JSON.stringify(made)).not.toContain("a password");
  await system.admin("DELETE", `/destinations/${id}`);
});

test("a test of the connection says what is wrong in the target's own words", async () => {
  const { page, system } = desk;
  const made = await system.admin("POST", "/destinations", {
    kind: "webhook",
    settings: { url: "http://127.0.0.1:9/closed" },
  });
  const { id } = (await made.json()) as { id: string };
  await desk.open(`destinations/${id}`, "127.0.0.1:9/closed");
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText(/DELIVERY_/).waitFor();
  await system.admin("DELETE", `/destinations/${id}`);
});

test("a range of events is counted before it is sent again", async () => {
  const { page, system } = desk;
  const [destination] = await listOf<{ id: string }>(system, "/destinations");
  const before = system.receiver.requests.length;
  await desk.open(`destinations/${destination?.id}`, /127\.0\.0\.1/);
  await page.getByRole("button", { name: "Count", exact: true }).click();
  const send = page.getByRole("button", { name: /^Send \d+ deliver/ });
  await send.waitFor();
  const planned = Number(/\d+/.exec((await send.textContent()) ?? "")?.[0]);
  await send.click();
  await page.getByText(new RegExp(`^${planned} (is|are) on their way`)).waitFor();
  await waitFor("what was sent again", () => system.receiver.requests.length >= before + planned);
});

test("a source shows its webhook, keeps a masked secret and refuses an empty one", async () => {
  const { page } = desk;
  await desk.open("sources", "Sources");
  await desk.expectAccessible();
  await page.getByText("Polar", { exact: true }).click();
  await titled(page, "Polar");
  await page.getByText("Last notification").waitFor();
  await page.getByText("Enabled", { exact: true }).waitFor();
  await desk.expectAccessible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
});

test("an event is found, its body and its delivery are seen, and it is sent again", async () => {
  const { page, system } = desk;
  await desk.open("events", "Events");
  await page.getByRole("link", { name: "auth" }).first().waitFor();
  await desk.expectAccessible();
  await page.getByRole("link", { name: "auth" }).first().click();
  await titled(page, "Event: auth");
  await page.getByText('"person-1"').first().waitFor();
  await page.getByText("Delivered").first().waitFor();
  await desk.expectAccessible();
  const before = system.receiver.requests.length;
  await page.getByRole("button", { name: "Send again to every destination" }).click();
  await page.getByRole("button", { name: /^Sent again to \d/ }).waitFor();
  await waitFor("the event once more", () => system.receiver.requests.length > before);
});

test("a delivery shows each attempt with its answer", async () => {
  const { page } = desk;
  await desk.open("deliveries", "Deliveries");
  await desk.expectAccessible();
  const first = page.getByRole("table", { name: "Deliveries" }).getByRole("button").first();
  await first.focus();
  await page.keyboard.press("Enter");
  const attempt = page.getByRole("region", { name: "Attempt 1" });
  await attempt.waitFor();
  expect(await attempt.textContent()).toMatch(/Took\d+ ms.*Status200/);
});

test("the audit log names who did it; a viewer sees it and may change nothing", async () => {
  const { page } = desk;
  await desk.open("audit", "Team and audit log");
  await page
    .getByRole("button", { name: /POST \/destinations/ })
    .first()
    .waitFor();
  await desk.expectAccessible();
  await page.getByRole("button", { name: "New account" }).click();
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByLabel("First password").fill("another long password");
  await page.getByRole("button", { name: "Make account" }).click();
  await page.getByRole("cell", { name: "grace@example.com" }).first().waitFor();
  const other = await desk.browser.newContext({ baseURL: desk.system.server.url });
  const theirs = await other.newPage();
  await theirs.goto("/dashboard");
  await signIn(theirs, { email: "grace@example.com", password: "another long password" });
  await titled(theirs, "Start");
  await theirs.goto(`/dashboard/e/${desk.system.server.devId}/destinations`);
  await titled(theirs, "Destinations");
  expect(await theirs.getByRole("link", { name: "Add destination" }).count()).toBe(0);
  await other.close();
});

test("nothing was asked of another host, and no script was kept out", () => {
  expect([...desk.origins]).toEqual([desk.system.server.url]);
  expect(desk.errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
});
