/** Registers people at AccessLink v3, which serves no data of a person before that. The client chooses the member id. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { bearer, type Call } from "../kit/call.ts";
import { type Grant, ProviderError } from "../provider.ts";
import { callPolar, type Polar } from "./http.ts";
import { dynamic } from "./names.ts";

interface Person extends Polar {
  readonly grant: Grant;
  readonly signal: AbortSignal;
}

interface Answered {
  readonly status: number;
  /** Polar's id of the person, where the answer names it. */
  readonly userId: string | null;
}

const userAnswer = z.looseObject({
  "polar-user-id": z.union([z.int().positive(), z.string().regex(/^\d{1,20}$/)]).transform(String),
});

/** Sends the request and returns what Polar answered. Throws network failures, rate limits and 5xx. */
async function ask(
  { settings, http, grant, signal }: Person,
  request: Pick<Call, "method" | "json"> & { path: string },
): Promise<Answered> {
  const { path, ...rest } = request;
  const authorization = bearer(grant.accessToken);
  const url = settings.api_url + path;
  try {
    const { status, body } = await callPolar(http, {
      ...rest,
      url,
      authorization,
      credentials: "person",
      signal,
    });
    return { status, userId: userIdIn(body) };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.status === undefined) throw error;
    if (error.code === "PROVIDER_UNAVAILABLE" || error.code === "PROVIDER_RATE_LIMITED") throw error;
    return { status: Number(error.details.status), userId: null };
  }
}

function userIdIn(body: Buffer): string | null {
  try {
    return userAnswer.safeParse(JSON.parse(body.toString("utf8"))).data?.["polar-user-id"] ?? null;
  } catch {
    return null;
  }
}

function userPath(grant: Grant): string {
  return `/v3/users/${encodeURIComponent(grant.providerUserId)}`;
}

const post = (person: Person, memberId: string) =>
  ask(person, { method: "POST", path: "/v3/users", json: { "member-id": memberId } });

async function isRegistered(person: Person): Promise<boolean> {
  return (await ask(person, { method: "GET", path: userPath(person.grant) })).status === 200;
}

/**
 * Registers the person. A 409 has two meanings: the person is already ours, which is fine; or another person has the
 * member id, and then the id followed by the person's own Polar id is free. A person whom nobody names is tried with
 * another member id: a second 409 means that they are registered.
 */
export async function register(person: Person, memberId: string): Promise<void> {
  const { isDone, status } = await tryRegistration(person, memberId);
  if (!isDone) throw new SystoleError("PROVIDER_REGISTRATION_FAILED", { provider: "polar", status });
}

interface Registration extends Answered {
  readonly isDone: boolean;
}

async function tryRegistration(person: Person, memberId: string): Promise<Registration> {
  let answer = await post(person, memberId);
  if (answer.status === 409) {
    // Without an id there is nobody to look for.
    if (person.grant.isUnnamed !== true && (await isRegistered(person))) return { ...answer, isDone: true };
    answer = await post(
      person,
      `${memberId}-${person.grant.isUnnamed ? dynamic : person.grant.providerUserId}`,
    );
  }
  const { status } = answer;
  // 204 is "No content when user with given userId is not found" (Polar's OpenAPI, registerUser).
  const isDone = status === 200 || status === 201 || (status === 204 && (await isRegistered(person)));
  return { ...answer, isDone };
}

/** Cheap: the last 30 days in summaries. */
const probe = { method: "GET", path: "/v3/exercises" } as const;

/** Whether data is served, and the id is the person's: notifications and paths name people by it. */
async function isOpenTo(person: Person, providerUserId: string): Promise<boolean> {
  const { status } = await ask(person, probe);
  const isServed = status === 200 || status === 204;
  return isServed && (await isRegistered({ ...person, grant: { ...person.grant, providerUserId } }));
}

/** Returns the id, of these, that v3 says is the person's; null where it says that of none. */
export async function knownAsOneOf(person: Person, ids: readonly string[]): Promise<string | null> {
  for (const providerUserId of ids.filter((id) => /^\d+$/.test(id))) {
    if (await isRegistered({ ...person, grant: { ...person.grant, providerUserId } })) return providerUserId;
  }
  return null;
}

/**
 * Finds out whether a grant of another API's consent opens AccessLink, and registers the person where it does not yet.
 * Returns Polar's id of the person; null where AccessLink is closed, or nobody names the person.
 *
 * @throws ProviderError when AccessLink cannot be asked now
 */
export async function findAccesslink(
  person: Person,
  memberId: string,
  knownAs: readonly string[],
): Promise<{ readonly providerUserId: string } | null> {
  const { isUnnamed, providerUserId: known } = person.grant;
  const ownId = isUnnamed === true ? await knownAsOneOf(person, knownAs) : known;
  if (ownId !== null && (await isOpenTo(person, ownId))) return { providerUserId: ownId };
  const { isDone, userId } = await tryRegistration(person, memberId);
  const providerUserId = userId ?? ownId;
  if (!isDone || providerUserId === null || !(await isOpenTo(person, providerUserId))) return null;
  return { providerUserId };
}

/** Unregisters the person, which also revokes the token. 401, 403 and 404 mean that the person is already gone. */
export async function revoke(person: Person): Promise<void> {
  const { status } = await ask(person, { method: "DELETE", path: userPath(person.grant) });
  if (status < 300 || status === 401 || status === 403 || status === 404) return;
  throw new ProviderError("PROVIDER_REFUSED", "never", { status });
}
