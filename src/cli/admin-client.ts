/** The admin API over HTTP, as the commands use it. */
import { type ErrorCode, errorCatalogue } from "../errors.ts";
import { UsageError } from "./usage.ts";

export interface AdminAddress {
  readonly url: string;
  readonly token: string;
  /** The `dev-id` of the environment; the first one when absent. */
  readonly environment?: string | undefined;
}

/** The server's refusal, in its own words. */
export class RefusedError extends Error {}

type Answer = Record<string, unknown>;

/** Posts JSON below /admin/v1. @throws RefusedError; UsageError for what is no URL */
export const postAdmin = (address: AdminAddress, path: string, body: object): Promise<Answer> =>
  callAdmin(address, path, { method: "POST", body: JSON.stringify(body) });

/** Reads below /admin/v1. @throws RefusedError; UsageError for what is no URL */
export const getAdmin = (address: AdminAddress, path: string): Promise<Answer> =>
  callAdmin(address, path, { method: "GET" });

async function callAdmin(
  { url, token, environment }: AdminAddress,
  path: string,
  init: RequestInit,
): Promise<Answer> {
  const target = URL.parse(`${url.replace(/\/+$/, "")}/admin/v1${path}`);
  if (target === null || !/^https?:$/.test(target.protocol)) throw new UsageError(`${url} is no address`);
  if (environment !== undefined) target.searchParams.set("environment", environment);
  const response = await ask(target, token, init);
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (!response.ok) throw refusal(target, response.status, answer);
  return answer;
}

async function ask(target: URL, token: string, init: RequestInit): Promise<Response> {
  const type = init.body === undefined ? {} : { "content-type": "application/json" };
  const headers = { authorization: `Bearer ${token}`, ...type };
  try {
    return await fetch(target, { ...init, headers, redirect: "error" });
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
