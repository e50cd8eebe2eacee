/** Requests to the project, over connections that are kept and lead to no address that is not allowed. */
import type { IncomingHttpHeaders } from "node:http";
import { Agent } from "undici";
import type { z } from "zod";
import { errorMessage } from "../../errors.ts";
import { DeliveryError, type DeliveryReceipt, type SenderContext } from "../destination.ts";
import { type SupabaseSettings, tlsOptions } from "./settings.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Uploads of a batch that run side by side. */
const connections = 16;
/** A batch's answer names its payloads; whoever says much more loses the connection. */
const maxResponseSize = 16 * 1_024 * 1_024;
const keptCharacters = 1_024;

export class Http {
  readonly base: string;
  /** As the gateway and what is behind it want them. */
  readonly #keys: Readonly<Record<string, string>>;
  readonly #agent: Agent;

  constructor(settings: SupabaseSettings, context: SenderContext) {
    const url = new URL(settings.url);
    context.assertAddressAllowed(url.hostname);
    const { service_role_key: apikey, role_token = apikey } = settings;
    this.#keys = { apikey, authorization: `Bearer ${role_token}` };
    this.base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
    this.#agent = new Agent({
      connections,
      maxResponseSize,
      allowH2: false,
      connect: { lookup: context.lookup, ...tlsOptions(settings) },
    });
  }

  /** `path` is below the project's URL. @throws DeliveryError when no answer came */
  async request(path: string, request: Request, signal: AbortSignal): Promise<Answer> {
    const { origin, pathname, search } = new URL(`${this.base}${path}`);
    const { method, body = null } = request;
    const headers = { ...this.#keys, ...request.headers };
    try {
      signal.throwIfAborted();
      const options = { origin, path: `${pathname}${search}`, method, headers, body, signal };
      const response = await this.#agent.request(options);
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    } catch (cause) {
      throw noAnswer(cause, signal);
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

const timeouts = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

function noAnswer(cause: unknown, signal: AbortSignal): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  const late = signal.aborted || timeouts.has((cause as { code?: string }).code ?? "");
  const code = late ? "DELIVERY_TIMEOUT" : "DELIVERY_FAILED";
  // A name with several addresses fails once for each of them.
  const reasons = cause instanceof AggregateError ? cause.errors : [cause];
  return new DeliveryError(code, "later", {}, { cause, reason: reasons.map(errorMessage).join("; ") });
}

export const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** The answer's JSON. @throws DeliveryError for what another server may have said in the place of Supabase's */
export function read<Schema extends z.ZodType>({ status, text }: Answer, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const options = { cause, reason: "the answer is not one of Supabase's" };
    throw new DeliveryError("DELIVERY_FAILED", "later", receiptOf({ status, text }), options);
  }
}

/** What is kept of an answer. */
export const receiptOf = ({ status, text }: Pick<Answer, "status" | "text">): DeliveryReceipt => ({
  status,
  response: text.slice(0, keptCharacters),
});
