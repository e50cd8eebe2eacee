/** Plays a developer and a person over HTTP, as both would: nothing here uses the server's internals. */
import type { SandboxDemo } from "../sandbox/contract.ts";

export interface DemoServer {
  readonly url: string;
  readonly sandboxUrl: string;
  /** The slug of the provider that the sandbox simulates. */
  readonly provider: string;
  readonly devId: string;
  readonly apiKey: string;
  readonly adminToken: string;
}

export async function call<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

export const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** Creates a webhook destination; its secret is shown only this once. */
export async function addWebhook(server: DemoServer, url: string): Promise<string> {
  const init = json(
    "POST",
    { kind: "webhook", settings: { url } },
    { authorization: `Bearer ${server.adminToken}` },
  );
  const { secret } = await call<{ secret: string }>(`${server.url}/admin/v1/destinations`, init);
  return secret;
}

export interface DemoPerson {
  readonly userId: string;
  readonly sandboxUserId: string;
}

/** The sandbox at which a person has an account. */
type Sandbox = Pick<DemoServer, "sandboxUrl" | "provider">;

/** Creates a person with a watch and an account at the sandbox, who is not connected yet. */
export async function newSandboxUser(server: Sandbox, person: SandboxDemo["person"] = {}): Promise<string> {
  const url = `${server.sandboxUrl}/_sandbox/${server.provider}/users`;
  return String((await call<{ user_id: string | number }>(url, json("POST", person))).user_id);
}

/** Requests a link on which a person connects. */
function requestLink(
  server: DemoServer,
  referenceId: string,
): Promise<{ auth_url: string; user_id: string }> {
  const headers = { "dev-id": server.devId, "x-api-key": server.apiKey };
  const url = `${server.url}/v2/auth/authenticateUser?resource=${server.provider}`;
  return call(url, json("POST", { reference_id: referenceId }, headers));
}

/** Requests a link, opens it as the person, agrees, and follows the way back. */
export async function connectPerson(
  server: DemoServer,
  referenceId: string,
  knownSandboxUserId?: string,
): Promise<DemoPerson> {
  const sandboxUserId = knownSandboxUserId ?? (await newSandboxUser(server));
  const { auth_url, user_id } = await requestLink(server, referenceId);
  const consent = new URL(auth_url);
  consent.searchParams.set("sandbox_user", sandboxUserId);
  const landed = await fetch(consent);
  if (!landed.ok) throw new Error(`Connecting ended at ${landed.url} with ${landed.status}`);
  await landed.arrayBuffer();
  return { userId: user_id, sandboxUserId };
}

/** Makes a key on the provider's page, as the person whose watch has synchronised, and pastes it on the connect page. */
export async function connectByKey(
  server: DemoServer,
  referenceId: string,
  sandboxUserId: string,
): Promise<DemoPerson> {
  const { auth_url, user_id } = await requestLink(server, referenceId);
  const keys = `${server.sandboxUrl}/_sandbox/${server.provider}/users/${sandboxUserId}/keys`;
  const { key } = await call<{ key: string }>(keys, json("POST", {}));
  const landed = await fetch(auth_url, { method: "POST", body: new URLSearchParams({ key }) });
  if (!landed.ok) throw new Error(`Connecting ended with ${landed.status}: ${await landed.text()}`);
  await landed.arrayBuffer();
  return { userId: user_id, sandboxUserId };
}

interface Redeemed {
  readonly user_id: string;
  readonly upload_token: string;
  readonly upload_urls: Readonly<Record<string, string>>;
}

/** Requests a token, redeems it as the person's app, and sets their phone up with the answer. */
export async function connectPhone(server: DemoServer, referenceId: string): Promise<DemoPerson> {
  const headers = { "dev-id": server.devId, "x-api-key": server.apiKey };
  const { token } = await call<{ token: string }>(
    `${server.url}/v2/auth/generateAuthToken?reference_id=${encodeURIComponent(referenceId)}`,
    { method: "POST", headers },
  );
  const { user_id, upload_token, upload_urls } = await call<Redeemed>(
    `${server.url}/v2/auth/redeemToken`,
    json("POST", { token, provider: server.provider }),
  );
  const phone = { user_id, upload_token, upload_urls };
  await call(`${server.sandboxUrl}/_sandbox/${server.provider}/users`, json("POST", phone));
  return { userId: user_id, sandboxUserId: user_id };
}

/** Syncs the watch: the sandbox makes the data and notifies, as the provider would. Returns counts by resource. */
export async function syncWatch(
  server: Sandbox,
  person: Pick<DemoPerson, "sandboxUserId">,
  days: number,
): Promise<Record<string, number>> {
  const url = `${server.sandboxUrl}/_sandbox/${server.provider}/users/${person.sandboxUserId}/generate`;
  const { stored } = await call<{ stored: Record<string, number> }>(url, json("POST", { days, seed: 1 }));
  return stored;
}
