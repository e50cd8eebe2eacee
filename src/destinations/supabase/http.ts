/** Requests to the project, over guarded connections that are kept open. */
import type { z } from "zod";
import type { SenderContext } from "../destination.ts";
import { asDeliveryError, failure } from "../kit/failure.ts";
import { type Answer, type GuardedHttp, type Request as HttpRequest, openHttp } from "../kit/http.ts";
import { type SupabaseSettings, tlsOptions } from "./settings.ts";

export interface Request extends Pick<HttpRequest, "method" | "body"> {
  readonly headers?: HttpRequest["headers"];
}

/** A batch's answer names its payloads. */
const maxResponseSize = 16 * 1_024 * 1_024;

export class Http {
  readonly base: string;
  /** The headers that the gateway and the servers behind it want. */
  readonly #keys: Readonly<Record<string, string>>;
  readonly #http: GuardedHttp;

  constructor(settings: SupabaseSettings, context: SenderContext) {
    const url = new URL(settings.url);
    context.assertAddressAllowed(url.hostname);
    const { service_role_key: apikey, role_token = apikey } = settings;
    this.#keys = { apikey, authorization: `Bearer ${role_token}` };
    this.base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
    this.#http = openHttp(context, { maxResponseSize, allowH2: false, tls: tlsOptions(settings) });
  }

  /** `path` is below the project's URL. @throws DeliveryError when no answer came */
  async request(path: string, request: Request, signal: AbortSignal): Promise<Answer> {
    const url = new URL(`${this.base}${path}`);
    const headers = { ...this.#keys, ...request.headers };
    try {
      return await this.#http.send({ ...request, url, headers }, signal);
    } catch (cause) {
      throw asDeliveryError(cause, signal);
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

export const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** The answer's JSON. @throws DeliveryError for the answer of a server that is not Supabase's */
export function read<Schema extends z.ZodType>(answer: Answer, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(answer.text));
  } catch (cause) {
    throw failure("DELIVERY_FAILED", "the answer is not one of Supabase's", { ...answer, cause });
  }
}
