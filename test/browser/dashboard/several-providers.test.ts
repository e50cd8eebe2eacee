/** One person with a watch, another watch, a ring and a phone: together in the API and in the dashboard. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  connectByKey,
  connectPerson,
  connectPhone,
  type DemoServer,
  newSandboxUser,
} from "../../../src/demo/person.ts";
import { type RunningSandboxes, startSandboxes } from "../../../src/sandbox/start.ts";
import { launchMs } from "../chromium.ts";
import { type Desk, makeFirstAccount, openDesk, titled } from "./desk.ts";

interface Connected {
  readonly user_id: string;
  readonly provider: string;
  readonly reference_id: string;
  readonly scopes: string | null;
  readonly active: boolean;
}

const reference = "ada-lovelace";
const all = ["APPLE", "GARMIN", "OURA", "POLAR"];
let sandboxes: RunningSandboxes;
let desk: Desk;
beforeAll(async () => {
  sandboxes = await startSandboxes({ port: 0 });
  desk = await openDesk({ ...sandboxes.named("garmin").variables, ...sandboxes.named("oura").variables });
  await makeFirstAccount(desk);
  await desk.system.connect(reference);
  await desk.system.connect("somebody-else");
  const at = (provider: string): DemoServer => ({
    ...desk.system.server,
    sandboxUrl: sandboxes.url,
    provider,
  });
  await connectPerson(at("oura"), reference);
  await connectByKey(at("garmin"), reference, await newSandboxUser(at("garmin")));
  await connectPhone(at("apple"), reference);
}, launchMs);
afterAll(async () => {
  await desk?.close();
  await sandboxes?.close();
});

async function usersAt(path: string): Promise<Connected[]> {
  return ((await (await desk.system.read(path)).json()) as { users: Connected[] }).users;
}

const providersOf = (users: readonly Connected[]) => users.map(({ provider }) => provider).toSorted();

test("userInfo by reference_id returns each connection, with the scopes of those that have some", async () => {
  const users = await usersAt(`/v2/userInfo?reference_id=${reference}`);
  expect(providersOf(users)).toEqual(all);
  expect(users.every(({ active, reference_id }) => active && reference_id === reference)).toBe(true);
  expect(new Set(users.map(({ user_id }) => user_id)).size).toBe(4);
  const scopes = Object.fromEntries(users.map((user) => [user.provider, user.scopes]));
  expect(scopes.OURA?.split(",")).toEqual(expect.arrayContaining(["daily", "heartrate", "workout"]));
  expect([scopes.GARMIN, scopes.APPLE]).toEqual([null, null]);
});

test("subscriptions give the reference with each connection", async () => {
  const users = await usersAt("/v2/subscriptions");
  expect(providersOf(users.filter(({ reference_id }) => reference_id === reference))).toEqual(all);
  expect(users).toHaveLength(5);
});

test("a connection that ends leaves the others", async () => {
  const before = await usersAt(`/v2/userInfo?reference_id=${reference}`);
  const phone = before.find(({ provider }) => provider === "APPLE");
  await desk.system.admin("DELETE", `/users/${phone?.user_id}`);
  const left = await usersAt(`/v2/userInfo?reference_id=${reference}`);
  expect(providersOf(left)).toEqual(["GARMIN", "OURA", "POLAR"]);
  expect(left.every(({ active }) => active)).toBe(true);
});

test("the dashboard finds them together, and opens each", async () => {
  const { page } = desk;
  await desk.open("people", "People");
  await page.getByLabel("user_id or reference_id").fill("ada");
  await page.getByRole("link", { name: "somebody-else" }).waitFor({ state: "detached" });
  const people = page.getByRole("table", { name: "People" });
  for (const provider of ["GARMIN", "OURA", "POLAR"])
    await people.getByText(provider, { exact: true }).waitFor();
  expect(await people.getByRole("link", { name: reference }).count()).toBe(3);
  await desk.expectAccessible();
  for (const { user_id } of await usersAt(`/v2/userInfo?reference_id=${reference}`)) {
    await desk.open("people", "People");
    await page.getByLabel("user_id or reference_id").fill(user_id);
    await people.getByRole("link").nth(1).waitFor({ state: "detached" });
    await people.getByRole("link", { name: reference }).click();
    await titled(page, reference);
    await page.getByText(user_id).first().waitFor();
  }
});
