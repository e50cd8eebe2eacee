/**
 * Requests to Google's endpoints. The vendor's client is not used for them: its uploads cannot be aborted and
 * take no look-up of ours.
 */
import { Agent, type Dispatcher } from "undici";
import type { SenderContext } from "../destination.ts";

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface Http {
  send(request: Request, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

/** As many as deliveries to one destination run side by side. */
const connections = 16;
/** Answers are a few hundred bytes; whoever says more than this is not Google. */
const maxResponseSize = 256 * 1_024;

export function openHttp({ lookup, assertAddressAllowed }: SenderContext): Http {
  const agent = new Agent({ connections, maxResponseSize, connect: { lookup } });
  return {
    async send({ method, url, headers, body = "" }, signal) {
      assertAddressAllowed(url.hostname);
      const options: Dispatcher.RequestOptions = {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { "user-agent": "Systole", ...headers },
        body,
        signal,
      };
      const response = await agent.request(options);
      const [retryAfter] = [response.headers["retry-after"]].flat();
      return { status: response.statusCode, retryAfter, text: await response.body.text() };
    },
    close: () => agent.destroy(),
  };
}
