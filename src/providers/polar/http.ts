/** One request to Polar over pooled connections. Success is 2xx; everything else is thrown, classified. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Agent, type Dispatcher, errors, request } from "undici";
import { ProviderError, type ProviderResponse } from "../provider.ts";
import { type Credentials, failureOf, unreachable } from "./failure.ts";
import { rateLimitOf } from "./rate-limit.ts";

const maxBodyBytes = 64 * 1024 * 1024;
const silenceMs = 30_000;

/** Shared by every environment's client: connections belong to the host, credentials to the request. */
const agent = new Agent({
  connections: 32,
  headersTimeout: silenceMs,
  bodyTimeout: silenceMs,
  maxResponseSize: maxBodyBytes,
});

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly authorization: string;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  /** The media type to ask for; JSON when absent. */
  readonly accept?: string | undefined;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

export const bearer = (token: string) => `Bearer ${token}`;

/** Not form-encoded first as RFC 6749 would have it: Polar's example client sends id and secret as they are. */
export const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`, "utf8").toString("base64")}`;

function bodyOf({ json, form }: Call): { headers: Record<string, string>; body: string } | null {
  if (json !== undefined) {
    return { headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
  }
  if (!form) return null;
  const body = new URLSearchParams(form).toString();
  return { headers: { "content-type": "application/x-www-form-urlencoded" }, body };
}

export async function call(options: Call): Promise<ProviderResponse> {
  const path = new URL(options.url).pathname;
  const { response, received } = await exchange(options, path);
  const { statusCode: status, headers } = response;
  const body = await decode(received, headers["content-encoding"], path);
  if (status < 200 || status > 299) {
    throw failureOf({ status, headers, body, path, credentials: options.credentials });
  }
  const contentType = headers["content-type"];
  return {
    status,
    body,
    contentType: typeof contentType === "string" ? contentType : null,
    rateLimit: rateLimitOf(headers),
  };
}

async function exchange(
  options: Call,
  path: string,
): Promise<{ response: Dispatcher.ResponseData; received: Buffer }> {
  const content = bodyOf(options);
  try {
    const response = await request(options.url, {
      dispatcher: agent,
      method: options.method,
      signal: options.signal,
      headers: {
        authorization: options.authorization,
        accept: options.accept ?? "application/json",
        "accept-encoding": "gzip",
        ...content?.headers,
      },
      body: content?.body ?? null,
    });
    return { response, received: Buffer.from(await response.body.arrayBuffer()) };
  } catch (cause) {
    if (cause instanceof errors.ResponseExceededMaxSizeError) throw tooLarge(path, cause);
    throw unreachable(path, cause);
  }
}

function tooLarge(path: string, cause: unknown): ProviderError {
  const details = { path, limit_bytes: maxBodyBytes };
  return new ProviderError("PROVIDER_BODY_TOO_LARGE", "never", details, { cause });
}

async function decode(
  received: Buffer,
  encoding: string | string[] | undefined,
  path: string,
): Promise<Buffer> {
  if (encoding !== "gzip" || received.length === 0) return received;
  try {
    return await promisify(gunzip)(received, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    const overflow = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw overflow ? tooLarge(path, cause) : unreachable(path, cause);
  }
}

/** The JSON of an answer, checked; anything else is the provider's fault and may pass. */
export function jsonOf<Value>(
  answer: ProviderResponse,
  schema: { safeParse(value: unknown): { success: boolean; data?: Value; error?: unknown } },
  path: string,
): Value {
  const details = { status: answer.status, path };
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.body.toString("utf8"));
  } catch (cause) {
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", details, { cause });
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data as Value;
  throw new ProviderError("PROVIDER_BODY_INVALID", "later", details, { cause: result.error });
}
