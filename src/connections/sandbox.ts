/** People of a sandbox, connected without a browser, and their watches. */
import { randomInt } from "node:crypto";
import { SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { providerBySlug, providers } from "../providers/registry.ts";
import { uploadAddresses } from "../providers/upload-addresses.ts";
import { newSecret } from "../security/secrets.ts";
import { type Connection, findByReference } from "../store/connections.ts";
import type { ProviderConfigId } from "../store/provider-config-id.ts";
import { createAuthToken } from "../store/sessions.ts";
import { beginAuthorization } from "./authorize.ts";
import { completeAuthorization } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { redeemToken } from "./redeem-token.ts";
import { controlOf, findControls, type SandboxControl } from "./sandbox-control.ts";

/** Returns the providers of an environment that a sandbox plays at this moment. */
export async function listSandboxed(
  deps: ConnectionsDeps,
  environmentId: string,
  signal: AbortSignal,
): Promise<readonly Provider[]> {
  const controls = await findControls(deps, environmentId, signal);
  // A person of a provider with keys brings their own.
  return providers.filter(({ slug, connecting }) => connecting.kind !== "key" && controls.has(slug));
}

export interface NewSandboxPerson extends ProviderConfigId {
  readonly referenceId: string;
  readonly signal: AbortSignal;
}

/**
 * Makes a person at the sandbox and connects them, as if they had opened a link and agreed. Returns their user_id.
 * @throws SystoleError SANDBOX_MISSING, SANDBOX_REFUSED, SANDBOX_PERSON_NOT_CONNECTED, PROVIDER_UNKNOWN
 */
export async function connectSandboxPerson(
  deps: ConnectionsDeps,
  { environmentId, provider: slug, referenceId, signal }: NewSandboxPerson,
): Promise<string> {
  const provider = providerBySlug(slug);
  const control = await controlOf(deps, { environmentId, provider: slug }, signal);
  const others = await findByReference(deps.store.db, environmentId, referenceId);
  if (others.some((other) => other.provider === slug)) throw notConnected("reference_in_use");
  const person = { environmentId, provider, referenceId, signal };
  return provider.connecting.kind === "upload"
    ? connectPhone(deps, control, person)
    : connectByPage(deps, control, person);
}

interface NewPerson extends Omit<NewSandboxPerson, "provider"> {
  readonly provider: Provider;
}

const tokenSeconds = 180;

/** Redeems a token as the app of a developer does, and sets the person's phone up with the answer. */
async function connectPhone(
  deps: ConnectionsDeps,
  control: SandboxControl,
  { environmentId, provider, referenceId }: NewPerson,
): Promise<string> {
  const token = await createAuthToken(deps.store.db, { environmentId, referenceId }, tokenSeconds);
  const redeemed = await redeemToken(deps, { token, providerSlugOrName: provider.slug, devId: null });
  await control.post("/users", {
    user_id: redeemed.userId,
    upload_token: redeemed.uploadToken,
    upload_urls: uploadAddresses(provider, deps.publicUrl),
  });
  return redeemed.userId;
}

async function connectByPage(
  deps: ConnectionsDeps,
  control: SandboxControl,
  { environmentId, provider, referenceId, signal }: NewPerson,
): Promise<string> {
  const browser = newSecret();
  const { authUrl } = await beginAuthorization(deps, {
    environmentId,
    providerSlugOrName: provider.name,
    referenceId,
    successUrl: null,
    failureUrl: null,
    sessionId: null,
    browser,
    // No page of ours was shown.
    agreement: null,
    language: null,
  });
  const agreed = await agree(control, new URL(authUrl));
  const callback = { providerSlug: provider.slug, ...agreed, error: null, scope: null, browser, signal };
  const { userId, reason, outcome } = await completeAuthorization(deps, callback);
  if (userId === null) throw notConnected(reason ?? outcome);
  return userId;
}

const notConnected = (reason: string) => new SystoleError("SANDBOX_PERSON_NOT_CONNECTED", { reason });

/**
 * Makes a person, and agrees for them on the provider's page, whose address is a setting of its own.
 * @throws SystoleError SANDBOX_MISSING, SANDBOX_REFUSED; ProviderError
 */
async function agree(control: SandboxControl, page: URL): Promise<{ state: string; code: string }> {
  if (page.origin !== control.origin) throw new SystoleError("SANDBOX_MISSING", { address: page.origin });
  const { user_id: id } = await control.post<{ user_id: string | number }>("/users", {});
  page.searchParams.set("sandbox_user", String(id));
  const { status, headers } = await control.open(page);
  const back = URL.parse(headers.location ?? "")?.searchParams;
  const [state, code] = [back?.get("state"), back?.get("code")];
  if (!state || !code) throw new SystoleError("SANDBOX_REFUSED", { status });
  return { state, code };
}

export interface WatchSync {
  /** The number of days up to now. */
  readonly days: number;
  /** The same seed makes the same data; null makes other data each time. */
  readonly seed: number | null;
  readonly signal: AbortSignal;
}

/**
 * Syncs the watch of a sandbox's person: the sandbox makes data and notifies, as the provider would, or pushes, as the
 * person's phone would. Returns the number of bodies by resource.
 * @throws SystoleError SANDBOX_MISSING, SANDBOX_REFUSED
 */
export async function syncWatch(
  deps: ConnectionsDeps,
  { environment_id: environmentId, provider, provider_user_id: person }: Connection,
  { days, seed, signal }: WatchSync,
): Promise<Readonly<Record<string, number>>> {
  const control = await controlOf(deps, { environmentId, provider }, signal);
  const path = `/users/${encodeURIComponent(person)}/generate`;
  const wanted = { days, seed: seed ?? randomInt(2 ** 31) };
  const { stored } = await control.post<{ stored: Record<string, number> }>(path, wanted);
  return stored;
}
