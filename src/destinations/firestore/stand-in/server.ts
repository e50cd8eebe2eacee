/**
 * A proxy before the emulator that adds accounts and their permissions, which the emulator lacks: each call needs
 * the permissions that Google documents and is refused in Google's words. A test may also answer in its place.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Agent } from "undici";
import { Accounts } from "./accounts.ts";

export interface Given {
  readonly status: number;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Write {
  readonly currentDocument?: { readonly exists?: boolean };
}

/** A request to Firestore: the last part of the path, e.g. "batchWrite", and the body. */
export interface Asked {
  readonly call: string;
  readonly path: string;
  readonly body: { readonly writes?: readonly Write[]; readonly structuredQuery?: unknown };
}

/** An answer instead of the emulator's, or null to let it answer. */
export type Interception = (asked: Asked) => Given | null | Promise<Given | null>;

export class StandIn {
  readonly accounts = new Accounts();
  /** Access tokens given out so far. */
  tokensGiven = 0;
  intercept: Interception = () => null;
  readonly #server: URL;
  readonly #agent = new Agent();
  readonly #listener = createServer((request, response) => void this.#answer(request, response));

  static async before(server: string): Promise<StandIn> {
    const standIn = new StandIn(new URL(server));
    await new Promise<void>((resolve) => standIn.#listener.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  private constructor(server: URL) {
    this.#server = server;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#listener.closeAllConnections();
    await new Promise((resolve) => this.#listener.close(resolve));
    await this.#agent.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await buffer(request);
      const given = request.url === "/token" ? this.#giveToken(body) : await this.#handle(request, body);
      response.writeHead(given.status, { "content-type": "application/json", ...given.headers });
      response.end(given.body);
    } catch {
      // The client or the emulator has closed its connection.
      response.destroy();
    }
  }

  #giveToken(body: Buffer): Given {
    const token = this.accounts.token(new URLSearchParams(body.toString("utf8")));
    const refused = { error: "invalid_grant", error_description: "Invalid grant: account not found" };
    if (token === null) return { status: 400, body: JSON.stringify(refused) };
    this.tokensGiven++;
    return {
      status: 200,
      body: JSON.stringify({ access_token: token, expires_in: 3_599, token_type: "Bearer" }),
    };
  }

  async #handle({ url = "", headers }: IncomingMessage, body: Buffer): Promise<Given> {
    const account = this.accounts.byToken(headers.authorization);
    if (account === undefined) return refusal(401, "UNAUTHENTICATED", "Request had invalid credentials.");
    const call = /:(\w+)(?:\?|$)/.exec(url)?.[1] ?? "";
    const asked: Asked = { call, path: url, body: JSON.parse(body.toString("utf8")) };
    if (!permissionsFor(asked).every((permission) => account.permissions.has(permission))) {
      return refusal(403, "PERMISSION_DENIED", "Missing or insufficient permissions.");
    }
    return (await this.intercept(asked)) ?? this.#pass(url, body);
  }

  async #pass(path: string, body: Buffer): Promise<Given> {
    const headers = { authorization: "Bearer owner", "content-type": "application/json" };
    const { origin } = this.#server;
    const answer = await this.#agent.request({ origin, path, method: "POST", headers, body });
    return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
  }
}

/** A refusal in the form of Firestore's REST API. */
export const refusal = (code: number, status: string, message: string): Given => ({
  status: code,
  body: JSON.stringify({ error: { code, status, message } }),
});

/** https://cloud.google.com/firestore/docs/security/iam#required_permissions */
function permissionsFor({ call, body }: Asked): string[] {
  if (call === "batchGet") return ["datastore.entities.get"];
  if (call === "runQuery") return ["datastore.entities.get", "datastore.entities.list"];
  return (body.writes ?? []).map(({ currentDocument }) =>
    currentDocument?.exists === false ? "datastore.entities.create" : "datastore.entities.update",
  );
}
