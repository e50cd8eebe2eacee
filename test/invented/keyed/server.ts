/** Keyed's server: one key, and tokens made from it. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  type AskedRequest,
  daysBetween,
  type InventedServer,
  type Reply,
  startInvented,
  tokenOf,
} from "../server.ts";

export interface KeyedServer extends InventedServer {
  readonly key: string;
  readonly days: { day: string; steps: number }[];
  /** Revokes the key, and with it every token. */
  endKey(): void;
  expireTokens(): void;
  /** Answers nothing but 503. */
  isDown: boolean;
  /** How long a list takes. */
  delayMs: number;
  /** The largest number of lists that were requested at the same time. */
  mostAtOnce: number;
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

  const state: Pick<KeyedServer, "delayMs" | "isDown" | "mostAtOnce"> = {
    delayMs: 0,
    isDown: false,
    mostAtOnce: 0,
  };
  let atOnce = 0;

  async function slowly(reply: Reply): Promise<Reply> {
    atOnce += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, atOnce);
    await setTimeout(state.delayMs);
    atOnce -= 1;
    return reply;
  }

  function list(request: AskedRequest): Reply {
    if (!tokens.has(tokenOf(request))) return { status: 401, json: { error: "token" } };
    return { json: { days: daysBetween(request.url, days) } };
  }

  const server = await startInvented((request) => {
    if (state.isDown) return { status: 503 };
    if (request.url.pathname === "/token") return token(request);
    return request.url.pathname === "/days" ? slowly(list(request)) : { status: 404 };
  });
  const expireTokens = () => tokens.clear();
  return Object.assign(state, server, {
    key,
    days,
    expireTokens,
    endKey: () => {
      isKeyGood = false;
      expireTokens();
    },
  });
}
