/**
 * Requests to a vendor's HTTP API, for kinds that do without the vendor's client: every connection goes
 * through the address guard, an aborted request is called off at once, redirects are not followed.
 */
import type { IncomingHttpHeaders } from "node:http";
import { Agent } from "undici";
import type { SenderContext } from "../destination.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Request {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface GuardedHttp {
  /** Whatever the status is. @throws what undici throws when no whole answer comes */
  send(request: Request, signal: AbortSignal): Promise<Answer>;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

/** As many as deliveries to one destination run side by side. */
const connections = 16;
/** Answers are a few hundred bytes; whoever says more than this is not who we took it for. */
const maxResponseSize = 256 * 1_024;

export function openHttp({ lookup, assertAddressAllowed }: SenderContext): GuardedHttp {
  const agent = new Agent({ connections, maxResponseSize, connect: { lookup } });
  return {
    async send({ method, url, headers, body }, signal) {
      assertAddressAllowed(url.hostname);
      const response = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { "user-agent": "Systole", ...headers },
        body: body ?? null,
        signal,
      });
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    },
    close: () => agent.destroy(),
  };
}
