/** Relay's server, with the routes that connecting needs, and its sender: signed bodies with several people in one. */
import { createHmac, randomUUID } from "node:crypto";
import type { Day } from "../days.ts";
import { agreed, daysBetween, type InventedServer, startInvented } from "../server.ts";

export interface RelayServer extends InventedServer {
  /** The id of the person who agrees next. */
  person: string;
  /** Everybody's days before they connected, which the scope `history` opens. */
  readonly history: Day[];
  /** Posts signed messages to our address. */
  push(url: string, messages: readonly object[]): Promise<Response>;
}

export async function startRelay(clientSecret: string): Promise<RelayServer> {
  const state = { person: "r-1", history: [] as Day[] };
  const server = await startInvented((request) => {
    const { url } = request;
    if (url.pathname === "/authorize") return agreed(request, randomUUID());
    if (url.pathname === "/history") return { json: { days: daysBetween(url, state.history) } };
    if (url.pathname !== "/token") return { status: 404 };
    const { person } = state;
    return { json: { access_token: randomUUID(), token_type: "bearer", scope: "days", person } };
  });
  const push: RelayServer["push"] = (url, messages) => {
    const body = JSON.stringify({ messages });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", clientSecret)
      .update(timestamp + body)
      .digest("base64");
    const headers = { "relay-timestamp": timestamp, "relay-signature": signature };
    return fetch(url, { method: "POST", body, headers });
  };
  return Object.assign(state, server, { push });
}
