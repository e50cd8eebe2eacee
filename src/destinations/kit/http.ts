/**
 * Requests to a vendor's HTTP API, for kinds that do without the vendor's client: every connection goes
 * through the address guard, an aborted request ends at once, redirects are not followed.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ConnectionOptions } from "node:tls";
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
  /** Returns the answer, whatever its status is. @throws what undici throws when no whole answer comes */
  send(request: Request, signal: AbortSignal): Promise<Answer>;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** An answer that is longer ends its connection. Answers are a few hundred bytes as a rule. */
  readonly maxResponseSize?: number;
  readonly allowH2?: boolean;
  readonly tls?: Pick<ConnectionOptions, "ca" | "rejectUnauthorized">;
}

/** Connections to one target: as many as deliveries to one destination run side by side. */
export const connectionsPerTarget = 16;

export function openHttp(
  { lookup, assertAddressAllowed }: SenderContext,
  options: HttpOptions = {},
): GuardedHttp {
  const { maxResponseSize = 256 * 1_024, allowH2 = true, tls } = options;
  const connections = connectionsPerTarget;
  const agent = new Agent({ connections, maxResponseSize, allowH2, connect: { lookup, ...tls } });
  return {
    async send({ method, url, headers, body }, signal) {
      assertAddressAllowed(url.hostname);
      signal.throwIfAborted();
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

/** An answer's JSON object; empty where another server answered with something else. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
