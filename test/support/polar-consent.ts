/** People who consent at Polar's sandbox, at v4, at v3 or at both; and what their connections open then. */
import { randomUUID } from "node:crypto";
import { accesslink, dynamic } from "../../src/providers/polar/names.ts";
import { type Json, link } from "./consent.ts";
import { hurrySpread } from "./spread-tasks.ts";
import type { System } from "./system.ts";
import { waitFor } from "./wait.ts";

export const turn = (system: System, changes: object) =>
  system.control("PUT", "/_sandbox/v4/switches", changes);

/** Makes v3 refuse all tokens of v4. */
export const refuseV3 = (system: System) =>
  turn(system, { v3_accepts_v4_token: "never", v3_registers_v4_token: false });

export const fault = (system: System, body: object) => system.control("POST", "/_sandbox/faults", body);

/** Handles sleep alone, so that little is asked for. */
export async function onlySleep({ admin }: Pick<System, "admin">): Promise<void> {
  const choice = { data_types: ["sleep"], samples: true };
  const answer = await admin("PUT", "/providers/polar/data", choice);
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Ends the switches and faults that a test has made. */
export async function asUsual(system: System): Promise<void> {
  await system.control("DELETE", "/_sandbox/v4/switches");
  await system.control("DELETE", "/_sandbox/faults");
}

/** Agrees at Polar, and returns the page that ends it. */
export async function agreed(
  authUrl: string,
  sandboxUser: string,
  more: Record<string, string> = {},
): Promise<string> {
  const consent = new URL(authUrl);
  for (const [name, value] of Object.entries({ sandbox_user: sandboxUser, ...more })) {
    consent.searchParams.set(name, value);
  }
  return (await fetch(consent)).text();
}

export async function connected(
  system: System,
  sandboxUser: string,
  more: { readonly reference?: string; readonly at?: Record<string, string> } = {},
) {
  const { reference = randomUUID(), at = {} } = more;
  const { auth_url, user_id: userId } = await link(system, { reference_id: reference });
  return { userId, authUrl: new URL(auth_url), page: await agreed(auth_url, sandboxUser, at) };
}

/** Presses the success page's button for the further consent, and agrees at Polar as that account. */
export async function shareAsWell(
  system: System,
  page: string,
  consent: string,
  sandboxUser: string,
): Promise<string> {
  const [, action = ""] = /action="([^"]+)"/.exec(page) ?? [];
  const begun = await fetch(system.server.url + action, {
    method: "POST",
    body: new URLSearchParams({ consent }),
    redirect: "manual",
  });
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const at = new URL(begun.headers.get("location") ?? "");
  at.searchParams.set("sandbox_user", sandboxUser);
  const back = await fetch(at, { redirect: "manual" });
  return (await fetch(back.headers.get("location") ?? "", { headers: { cookie } })).text();
}

export const syncOf = async (system: System, userId: string): Promise<Json> =>
  (await system.admin("GET", `/users/${userId}/sync`)).json();

/** Returns the consent by which each API is open; null where it is closed. */
export const openOf = async (system: System, userId: string): Promise<Json> =>
  Object.fromEntries(
    (await syncOf(system, userId)).apis.map((api: Json) => [api.name, api.is_open ? api.consent : null]),
  );

export async function rowOf(system: System, userId: string): Promise<Json> {
  const [row] = await system.query<Json>("SELECT * FROM connections WHERE user_id = $1", [userId]);
  return row;
}

/** The calls that the sandbox had, of one method and path. */
export async function callsTo(system: System, method: string, path: string): Promise<Json[]> {
  const { requests } = (await (await system.control("GET", "/_sandbox/requests")).json()) as Json;
  return requests.filter((one: Json) => one.method === method && one.path.split("?")[0] === path);
}

/** Whether nothing is to be fetched for the person, except later looks. Older data is fetched at once. */
export const isQuiet = async (system: System, userId: string): Promise<boolean> => {
  await hurrySpread(system, { userId });
  const [row] = await system.query<{ open: string }>(
    `SELECT count(*) AS open FROM fetch_tasks WHERE user_id = $1 AND state = 'accepted' AND kind <> 'second-look'`,
    [userId],
  );
  return row?.open === "0";
};

/** Makes everything due that is asked for regularly for the person. */
export async function askAgain(system: System, userId: string): Promise<void> {
  await system.query("UPDATE coverage SET next_reconcile_at = now() WHERE user_id = $1", [userId]);
  await system.reconcile();
}

/** A connection with v3's own grant alone, after v4's was ended; and the last page of both consents. */
export async function connectedToV3(
  system: System,
  person: string,
  reference: string = randomUUID(),
): Promise<string> {
  await refuseV3(system);
  const { userId, page } = await connected(system, person, { reference });
  await shareAsWell(system, page, accesslink, person);
  await asUsual(system);
  await fault(system, { kind: "revoke", user_id: person, api: "v4" });
  // A call that was made before leaves its task open for a moment, and the same is not asked for twice.
  await waitFor("v4's end", async () => {
    if ((await openOf(system, userId))[dynamic] === null) return true;
    if (await isQuiet(system, userId)) await askAgain(system, userId);
    return false;
  });
  return userId;
}
