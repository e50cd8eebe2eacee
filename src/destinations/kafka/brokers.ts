/**
 * Connections to brokers, one to each. A cluster itself names its brokers and their addresses, so that each address
 * is guarded when it is connected to, not only those in the settings: the name is resolved through the guard, and
 * the connection is made to the address that it returns.
 */
import { isIP } from "node:net";
import { apiVersionsV1, Connection, type ConnectionOptions } from "@platformatic/kafka";
import type { SenderContext } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { failureOf } from "./failure.ts";
import type { Address, Settings } from "./settings.ts";

const clientId = "systole";
const connectTimeoutMs = 3_000;
/** Longer than any attempt: a connection without an answer for so long is closed. */
const requestTimeoutMs = 10_000;
const keepAliveMs = 30_000;

/** A broker that we are connected and logged in to. */
export interface Broker {
  readonly connection: Connection;
  /** The versions of each request that it knows, by the request's number. */
  readonly versions: ReadonlyMap<number, { readonly minVersion: number; readonly maxVersion: number }>;
}

export interface Brokers {
  /** @throws DeliveryError */
  connect(address: Address): Promise<Broker>;
  close(): Promise<void>;
}

export function openBrokers(settings: Settings, context: SenderContext): Brokers {
  const open = new Map<string, Promise<Broker>>();
  const connections = new Set<Connection>();
  let closed = false;
  return {
    connect(address) {
      if (closed) return Promise.reject(failure("DELIVERY_FAILED", "the sender is closed"));
      const key = `${address.host}:${address.port}`;
      const found = open.get(key);
      if (found !== undefined) return found;
      const gone = (): void => {
        if (open.get(key) === made) open.delete(key);
      };
      const made = connectGuarded(address, settings, context, connections);
      made.then(({ connection }) => connection.once("close", gone), gone);
      open.set(key, made);
      return made;
    },
    async close() {
      closed = true;
      await Promise.all([...connections].map(end));
    },
  };
}

/** @throws DeliveryError */
async function connectGuarded(
  { host, port }: Address,
  settings: Settings,
  context: SenderContext,
  connections: Set<Connection>,
): Promise<Broker> {
  const options = connectionOptions(settings, host);
  let failure: unknown;
  for (const address of await resolve(host, context)) {
    const connection = new Connection(clientId, options);
    connections.add(connection);
    // A request that waits for an answer fails by itself; this listener is for errors without a request.
    connection.on("error", () => {});
    connection.once("close", () => connections.delete(connection));
    try {
      return await logIn(connection, address, port);
    } catch (error) {
      failure = error;
      connections.delete(connection);
      await end(connection);
    }
  }
  throw failureOf(failure);
}

/** Closes at once: requests under way fail. */
async function end(connection: Connection): Promise<void> {
  const closed = connection.close();
  connection.socket?.destroy();
  await closed;
}

async function logIn(connection: Connection, address: string, port: number): Promise<Broker> {
  await connection.connect(address, port);
  connection.socket.setKeepAlive(true, keepAliveMs);
  const { apiKeys } = await apiVersionsV1.api.async(connection, clientId, "");
  return { connection, versions: new Map(apiKeys.map((api) => [api.apiKey, api])) };
}

/** The addresses of a host that may be connected to. @throws DeliveryError */
async function resolve(host: string, context: SenderContext): Promise<readonly string[]> {
  context.assertAddressAllowed(host);
  if (isIP(host) !== 0) return [host];
  return new Promise((resolve, reject) => {
    context.lookup(host, { all: true }, (error, found) => {
      if (error) reject(failureOf(error));
      else resolve(typeof found === "string" ? [found] : found.map(({ address }) => address));
    });
  });
}

function connectionOptions(settings: Settings, host: string): ConnectionOptions {
  const { mechanism, username, password } = settings;
  const tls = {
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
  };
  return {
    connectTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    ...(settings.tls ? { tls } : {}),
    ...(mechanism === "none" || username === undefined || password === undefined
      ? {}
      : { sasl: { mechanism: mechanisms[mechanism], username, password } }),
  };
}

const mechanisms = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;
