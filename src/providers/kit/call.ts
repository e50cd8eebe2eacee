/** Sends one request to a provider. Success is 2xx; everything else is thrown as a classified error. */
import type { z } from "zod";
import {
  type HttpRequest,
  ProviderError,
  type ProviderHttp,
  type ProviderRequest,
  type ProviderResponse,
} from "../provider.ts";
import { type Credentials, type FailureRules, failureOf, header } from "./failure.ts";

export interface Call {
  readonly method: HttpRequest["method"];
  readonly url: string;
  readonly authorization: string;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  /** The media type to ask for; JSON when absent. */
  readonly accept?: string | undefined;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** A body that is text already, as a resource's request has it. */
  readonly body?: ProviderRequest["body"] | undefined;
}

export const bearer = (token: string): string => `Bearer ${token}`;

/**
 * Basic authentication with id and secret as they are, which most providers expect. RFC 6749 would form-encode them
 * first.
 */
export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`, "utf8").toString("base64")}`;

/** @throws ProviderError */
export async function call(
  http: ProviderHttp,
  options: Call,
  rules: FailureRules = {},
): Promise<ProviderResponse> {
  const content = contentOf(options);
  const { status, headers, body } = await http.send({
    method: options.method,
    url: options.url,
    signal: options.signal,
    headers: {
      authorization: options.authorization,
      accept: options.accept ?? "application/json",
      ...(content !== null && { "content-type": content.contentType }),
    },
    body: content?.text ?? null,
  });
  if (status < 200 || status > 299) {
    const path = new URL(options.url).pathname;
    throw failureOf({ status, headers, body, path, credentials: options.credentials }, rules);
  }
  const contentType = header(headers, "content-type") ?? null;
  return {
    status,
    body,
    contentType,
    rateLimit: rules.rateLimit?.(headers) ?? null,
    next: rules.next?.(headers) ?? null,
  };
}

function contentOf({ json, form, body }: Call): NonNullable<ProviderRequest["body"]> | null {
  if (json !== undefined) return { contentType: "application/json", text: JSON.stringify(json) };
  if (form === undefined) return body ?? null;
  return { contentType: "application/x-www-form-urlencoded", text: new URLSearchParams(form).toString() };
}

/** Returns the JSON of an answer, validated. Anything else is the provider's fault and may be temporary. */
export function jsonOf<Schema extends z.ZodType>(
  answer: ProviderResponse,
  schema: Schema,
  path: string,
): z.output<Schema> {
  const details = { status: answer.status, path };
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.body.toString("utf8"));
  } catch (cause) {
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", details, { cause });
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  throw new ProviderError("PROVIDER_BODY_INVALID", "later", details, { cause: result.error });
}
