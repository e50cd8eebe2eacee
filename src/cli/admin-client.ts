/** A client of the server's HTTP API for the commands. */
import { type ErrorCode, errorCatalogue } from "../errors.ts";
import { UsageError } from "./usage.ts";

export interface AdminAddress {
  readonly url: string;
  readonly token: string;
  /** The `dev-id` of the environment; the first environment when absent. */
  readonly environment?: string | undefined;
}

export interface ApiClient {
  readonly url: string;
  readonly devId: string;
  readonly apiKey: string;
}

/** The server refused; the message is the server's. */
export class RefusedError extends Error {
  /** The code of the refusal; null where it is none of Systole's. */
  readonly code: string | null;

  constructor(message: string, { code, ...options }: ErrorOptions & { readonly code?: string } = {}) {
    super(message, options);
    this.code = code ?? null;
  }
}

type Answer = Record<string, unknown>;

/** Posts JSON below /admin/v1. @throws RefusedError; UsageError for an invalid URL */
export const postAdmin = (address: AdminAddress, path: string, body: object): Promise<Answer> =>
  callAdmin(address, path, { method: "POST", body: JSON.stringify(body) });

/** Reads below /admin/v1. @throws RefusedError; UsageError for an invalid URL */
export const getAdmin = (address: AdminAddress, path: string): Promise<Answer> =>
  callAdmin(address, path, { method: "GET" });

/** Deletes below /admin/v1. @throws RefusedError; UsageError for an invalid URL */
export const deleteAdmin = (address: AdminAddress, path: string): Promise<Answer> =>
  callAdmin(address, path, { method: "DELETE" });

/** Reads a file below /admin/v1; null where there is none. @throws RefusedError; UsageError for an invalid URL */
export async function getAdminFile(address: AdminAddress, path: string): Promise<Buffer | null> {
  const target = adminTarget(address, path);
  const response = await ask(target, { authorization: `Bearer ${address.token}` }, { method: "GET" });
  if (response.ok) return Buffer.from(await response.arrayBuffer());
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (answer.code === "RESOURCE_NOT_FOUND") return null;
  throw refusal(target, response.status, answer);
}

/** Posts JSON with an environment's key. @throws RefusedError; UsageError for an invalid URL */
export const postApi = (client: ApiClient, path: string, body: object): Promise<Answer> =>
  call(targetOf(client.url, path), keyOf(client), { method: "POST", body: JSON.stringify(body) });

/** Reads with an environment's key. @throws RefusedError; UsageError for an invalid URL */
export const getApi = (client: ApiClient, path: string): Promise<Answer> =>
  call(targetOf(client.url, path), keyOf(client), { method: "GET" });

const keyOf = ({ devId, apiKey }: ApiClient) => ({ "dev-id": devId, "x-api-key": apiKey });

const callAdmin = (address: AdminAddress, path: string, init: RequestInit): Promise<Answer> =>
  call(adminTarget(address, path), { authorization: `Bearer ${address.token}` }, init);

/** @throws UsageError */
function adminTarget({ url, environment }: AdminAddress, path: string): URL {
  const target = targetOf(url, `/admin/v1${path}`);
  if (environment !== undefined) target.searchParams.set("environment", environment);
  return target;
}

/** @throws UsageError */
function targetOf(url: string, path: string): URL {
  const target = URL.parse(`${url.replace(/\/+$/, "")}${path}`);
  if (target === null || !/^https?:$/.test(target.protocol)) throw new UsageError(`${url} is no address`);
  return target;
}

async function call(target: URL, headers: Record<string, string>, init: RequestInit): Promise<Answer> {
  const response = await ask(target, headers, init);
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (!response.ok) throw refusal(target, response.status, answer);
  return answer;
}

async function ask(target: URL, credentials: Record<string, string>, init: RequestInit): Promise<Response> {
  const type = init.body === undefined ? {} : { "content-type": "application/json" };
  try {
    return await fetch(target, { ...init, headers: { ...credentials, ...type }, redirect: "error" });
  } catch (cause) {
    const { cause: reason } = cause as { cause?: { message?: string; code?: string } };
    const why = reason?.code ?? reason?.message ?? String(cause);
    throw new RefusedError(`Nobody answers at ${target.origin} (${why}). Is Systole running there?`, {
      cause,
    });
  }
}

function refusal(target: URL, status: number, answer: Answer): RefusedError {
  const { code, detail } = Array.isArray(answer.issue) ? problemIn(answer.issue) : answer;
  if (typeof code !== "string") return new RefusedError(`${target.origin} answers ${status}: no Systole?`);
  const known = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code as ErrorCode] : null;
  const remedy = known === null ? "" : `\n  ${known.remedy}`;
  return new RefusedError(`${String(detail)} (${code}).${remedy}`, { code });
}

/** Reads the OperationOutcome of /fhir. */
function problemIn(issues: readonly unknown[]): Record<string, unknown> {
  const { details, diagnostics } = Object(issues[0]) as {
    details?: { text?: unknown };
    diagnostics?: unknown;
  };
  return { code: details?.text, detail: diagnostics };
}
