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
export class RefusedError extends Error {}

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

/** Posts JSON with an environment's key. @throws RefusedError; UsageError for an invalid URL */
export const postApi = (client: ApiClient, path: string, body: object): Promise<Answer> =>
  call(targetOf(client.url, path), keyOf(client), { method: "POST", body: JSON.stringify(body) });

/** Reads with an environment's key. @throws RefusedError; UsageError for an invalid URL */
export const getApi = (client: ApiClient, path: string): Promise<Answer> =>
  call(targetOf(client.url, path), keyOf(client), { method: "GET" });

const keyOf = ({ devId, apiKey }: ApiClient) => ({ "dev-id": devId, "x-api-key": apiKey });

function callAdmin(
  { url, token, environment }: AdminAddress,
  path: string,
  init: RequestInit,
): Promise<Answer> {
  const target = targetOf(url, `/admin/v1${path}`);
  if (environment !== undefined) target.searchParams.set("environment", environment);
  return call(target, { authorization: `Bearer ${token}` }, init);
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

function refusal(target: URL, status: number, { code, detail }: Record<string, unknown>): RefusedError {
  if (typeof code !== "string") return new RefusedError(`${target.origin} answers ${status}: no Systole?`);
  const known = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code as ErrorCode] : null;
  const remedy = known === null ? "" : `\n  ${known.remedy}`;
  return new RefusedError(`${String(detail)} (${code}).${remedy}`);
}
