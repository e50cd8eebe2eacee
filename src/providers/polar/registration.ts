/** Registers people at Polar, which serves no data of a person before that. The client chooses the member id. */
import { SystoleError } from "../../errors.ts";
import { bearer, type Call } from "../kit/call.ts";
import { type Grant, ProviderError } from "../provider.ts";
import { callPolar, type Polar } from "./http.ts";

interface Person extends Polar {
  readonly grant: Grant;
  readonly signal: AbortSignal;
}

/** Sends the request and returns the status where Polar answered. Throws network failures, rate limits and 5xx. */
async function statusOf(
  { settings, http, grant, signal }: Person,
  request: Pick<Call, "method" | "json"> & { path: string },
) {
  const { path, ...rest } = request;
  const authorization = bearer(grant.accessToken);
  const url = settings.api_url + path;
  try {
    return (await callPolar(http, { ...rest, url, authorization, credentials: "person", signal })).status;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.status === undefined) throw error;
    if (error.code === "PROVIDER_UNAVAILABLE" || error.code === "PROVIDER_RATE_LIMITED") throw error;
    return Number(error.details.status);
  }
}

function userPath(grant: Grant): string {
  return `/v3/users/${encodeURIComponent(grant.providerUserId)}`;
}

const post = (person: Person, memberId: string) =>
  statusOf(person, { method: "POST", path: "/v3/users", json: { "member-id": memberId } });

async function isRegistered(person: Person): Promise<boolean> {
  return (await statusOf(person, { method: "GET", path: userPath(person.grant) })) === 200;
}

/**
 * Registers the person. A 409 has two meanings: the person is already ours, which is fine; or another person has the
 * member id, and then the id followed by the person's own Polar id is free.
 */
export async function register(person: Person, memberId: string): Promise<void> {
  let status = await post(person, memberId);
  if (status === 409 && !(await isRegistered(person))) {
    status = await post(person, `${memberId}-${person.grant.providerUserId}`);
    if (status === 409) throw new SystoleError("PROVIDER_REGISTRATION_FAILED", { provider: "polar", status });
  }
  const registered = status === 200 || status === 201 || status === 409;
  // 204 is "No content when user with given userId is not found" (Polar's OpenAPI, registerUser).
  if (registered || (status === 204 && (await isRegistered(person)))) return;
  throw new SystoleError("PROVIDER_REGISTRATION_FAILED", { provider: "polar", status });
}

/** Unregisters the person, which also revokes the token. 401, 403 and 404 mean that the person is already gone. */
export async function revoke(person: Person): Promise<void> {
  const status = await statusOf(person, { method: "DELETE", path: userPath(person.grant) });
  if (status < 300 || status === 401 || status === 403 || status === 404) return;
  throw new ProviderError("PROVIDER_REFUSED", "never", { status });
}
