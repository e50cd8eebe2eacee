/** Bodies as objects behind an HTTP API without a client of ours: one request for each, streamed from and to files. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { Agent } from "undici";
import type { BodyStore } from "./body-store.ts";
import { spooled } from "./spooled.ts";

export interface ObjectCall {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The requests of one vendor; keys are whole, with their prefix. */
export interface ObjectApi {
  put(key: string): ObjectCall;
  get(key: string): ObjectCall;
  remove(key: string): ObjectCall;
  /** `from` is where the page before ended. */
  list(prefix: string, from: string | undefined): ObjectCall;
  readPage(text: string): { readonly keys: readonly string[]; readonly next: string | undefined };
  /** Returns the headers that every request needs. */
  authorize(): Promise<Readonly<Record<string, string>>>;
}

export interface ObjectPlace {
  /** The address guard. */
  readonly context: { readonly lookup: LookupFunction; assertAddressAllowed(hostname: string): void };
  readonly prefix: string;
  /** The directory for files that are being received or read. */
  readonly incoming: string;
}

const connectionsPerTarget = 16;

/** Large enough for the largest body on a slow line. */
const timeMs = 30 * 60_000;
/** A body of a row is small. A transaction waits for it. */
const shortMs = 60_000;

export function httpBodies(
  api: ObjectApi,
  { context, prefix, incoming }: ObjectPlace,
): BodyStore & { close(): Promise<void> } {
  const { lookup, assertAddressAllowed } = context;
  const agent = new Agent({ connections: connectionsPerTarget, connect: { lookup } });
  const whole = (key: string): string => `${prefix}${key}`;

  async function send({ method, url, headers }: ObjectCall, ms: number, content?: Content) {
    assertAddressAllowed(url.hostname);
    const response = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: {
        "user-agent": "Systole",
        ...headers,
        ...(await api.authorize()),
        ...(content && { "content-length": String(content.bytes), "content-type": "application/zstd" }),
      },
      body: content?.body ?? null,
      signal: AbortSignal.timeout(ms),
    });
    if (response.statusCode < 300) return response;
    const text = await response.body.text();
    if (response.statusCode === 404 && method !== "PUT" && method !== "POST" && isAboutObject(text))
      return null;
    throw new Error(`${method}: ${response.statusCode} ${text.slice(0, mostWords)}`);
  }

  return {
    incoming,
    async put(key, file) {
      const { size: bytes } = await stat(file);
      const response = await send(api.put(whole(key)), timeMs, { body: createReadStream(file), bytes });
      await response?.body.dump();
    },
    async write(key, body) {
      const response = await send(api.put(whole(key)), shortMs, { body, bytes: body.length });
      await response?.body.dump();
    },
    async open(key) {
      const response = await send(api.get(whole(key)), timeMs);
      return response === null ? null : spooled(response.body, incoming);
    },
    async read(key) {
      const response = await send(api.get(whole(key)), shortMs);
      return response === null ? null : Buffer.from(await response.body.arrayBuffer());
    },
    async remove(key) {
      const response = await send(api.remove(whole(key)), shortMs);
      await response?.body.dump();
    },
    async *list(start) {
      let from: string | undefined;
      do {
        const response = await send(api.list(whole(start), from), shortMs);
        if (response === null) return;
        const page = api.readPage(await response.body.text());
        for (const key of page.keys) yield key.slice(prefix.length);
        from = page.next;
      } while (from !== undefined);
    },
    close: () => agent.destroy(),
  };
}

interface Content {
  readonly body: Buffer | Readable;
  readonly bytes: number;
}

const mostWords = 300;

/** That a bucket or container is missing is an error, not a missing body. */
const isAboutObject = (text: string): boolean => !/ContainerNotFound|bucket does not exist/i.test(text);
