/** Keyed's own server: one key, tokens made from it. */
import { randomUUID } from "node:crypto";
import { type AskedRequest, daysBetween, type InventedServer, type Reply, startInvented } from "../server.ts";

export interface KeyedServer extends InventedServer {
  readonly key: string;
  readonly days: { day: string; steps: number }[];
  /** Ends the key, and with it every token. */
  endKey(): void;
  expireTokens(): void;
}

export async function startKeyed(): Promise<KeyedServer> {
  const key = "a-key-of-the-person";
  const days: KeyedServer["days"] = [];
  const tokens = new Set<string>();
  let isKeyGood = true;

  function token({ headers }: AskedRequest): Reply {
    if (!isKeyGood || headers.authorization !== `Key ${key}`) return { status: 401, json: { error: "key" } };
    const made = randomUUID();
    tokens.add(made);
    return { json: { token: made, seconds: 86_400, person: "k-1" } };
  }

  function list({ url, headers }: AskedRequest): Reply {
    const given = headers.authorization?.slice("Bearer ".length) ?? "";
    if (!tokens.has(given)) return { status: 401, json: { error: "token" } };
    return { json: { days: daysBetween(url, days) } };
  }

  const server = await startInvented((request) => {
    if (request.url.pathname === "/token") return token(request);
    return request.url.pathname === "/days" ? list(request) : { status: 404 };
  });
  const expireTokens = () => tokens.clear();
  return {
    ...server,
    key,
    days,
    expireTokens,
    endKey: () => {
      isKeyGood = false;
      expireTokens();
    },
  };
}
