/** One request to Polar. Success is 2xx; everything else is thrown, classified. */
import type { ProviderHttp } from "../kit/http.ts";
import { ProviderError, type ProviderResponse } from "../provider.ts";
import { type Credentials, failureOf } from "./failure.ts";
import { rateLimitOf } from "./rate-limit.ts";
import type { PolarSettings } from "./settings.ts";

/** Polar with one client's credentials, and the way to reach it. */
export interface Polar {
  readonly settings: PolarSettings;
  readonly http: ProviderHttp;
}

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

export async function call(http: ProviderHttp, options: Call): Promise<ProviderResponse> {
  const content = bodyOf(options);
  const answer = await http.send({
    method: options.method,
    url: options.url,
    signal: options.signal,
    headers: {
      authorization: options.authorization,
      accept: options.accept ?? "application/json",
      ...content?.headers,
    },
    body: content?.body ?? null,
  });
  const { status, headers, body } = answer;
  if (status < 200 || status > 299) {
    const path = new URL(options.url).pathname;
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
