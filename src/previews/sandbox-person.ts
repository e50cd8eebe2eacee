/** Somebody with four weeks of data at a provider's sandbox, who has agreed that we read it. */
import { oauthConsents } from "../providers/consents.ts";
import type { Grant, OAuthConsent, Provider, ProviderAccess } from "../providers/provider.ts";
import type { NamedSandbox } from "../sandbox/start.ts";

const days = 28;
const redirectUri = "http://127.0.0.1/preview";
const memberId = "preview";

export interface SandboxPerson {
  readonly id: string;
  /** By the name of the API that it opens. */
  readonly grants: ReadonlyMap<string, Grant>;
}

export async function sandboxPerson(
  provider: Provider,
  sandbox: NamedSandbox,
  access: ProviderAccess<unknown>,
  signal: AbortSignal,
): Promise<SandboxPerson> {
  const { user_id } = await post<{ user_id: string | number }>(`${sandbox.controlUrl}/users`, {}, signal);
  const id = String(user_id);
  const grants = new Map<string, Grant>();
  const { connecting } = provider;
  if (connecting.kind === "key") {
    const { key } = await post<{ key: string }>(`${sandbox.controlUrl}/users/${id}/keys`, {}, signal);
    const grant = await connecting.exchange(access, { key, endsAt: null }, signal);
    for (const api of connecting.apis) grants.set(api, grant);
  }
  for (const consent of oauthConsents(provider)) {
    const grant = await agree(consent, access, id, signal);
    for (const api of consent.apis) grants.set(api, grant);
  }
  // Providers serve what was uploaded since the person agreed.
  await post(`${sandbox.controlUrl}/users/${id}/generate`, { days, seed: 1 }, signal);
  return { id, grants };
}

async function post<Answer>(url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  return (await answer.json()) as Answer;
}

async function agree(
  consent: OAuthConsent<unknown>,
  access: ProviderAccess<unknown>,
  person: string,
  signal: AbortSignal,
): Promise<Grant> {
  const scopes = consent.scopes.map(({ name }) => name);
  const { url, codeVerifier } = await consent.begin(access, { redirectUri, state: "preview", scopes });
  const page = new URL(url);
  page.searchParams.set("sandbox_user", person);
  const answer = await fetch(page, { redirect: "manual", signal });
  const code = URL.parse(answer.headers.get("location") ?? "")?.searchParams.get("code");
  if (!code) throw new Error("the sandbox gave no code");
  const grant = await consent.exchange(access, { code, redirectUri, scopes, codeVerifier, signal });
  return (await consent.register?.(access, grant, { memberId, opened: [], knownAs: [], signal })) ?? grant;
}
