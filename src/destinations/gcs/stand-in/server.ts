/**
 * A proxy before fake-gcs-server that adds accounts and their permissions, which that server lacks. It exchanges
 * signed claims for access tokens and verifies signed addresses as Google documents both, refuses in Google's
 * words, and passes allowed requests on unchanged.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Agent, type Dispatcher } from "undici";
import { type Account, Accounts } from "./accounts.ts";
import { isSigned, signatory } from "./addresses.ts";
import { claimant } from "./claims.ts";
import { forbidden, Refusal, storageRefusal } from "./refusal.ts";

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export class StandIn {
  readonly accounts = new Accounts();
  /** Access tokens given out so far. */
  tokensGiven = 0;
  readonly #tokens = new Map<string, Account>();
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

  /** Makes the tokens that were given out so far invalid. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  async close(): Promise<void> {
    this.#listener.closeAllConnections();
    await new Promise((resolve) => this.#listener.close(resolve));
    await this.#agent.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { method = "GET", headers } = request;
      const url = new URL(request.url ?? "/", `http://${headers.host}`);
      const asked = { method, url, headers, body: await buffer(request) };
      const given = await this.#handle(asked);
      response.writeHead(given.status, { "content-type": "application/json", ...given.headers });
      response.end(given.body);
    } catch (error) {
      if (!(error instanceof Refusal)) return void response.destroy();
      response.writeHead(error.status, { "content-type": "application/json" });
      response.end(JSON.stringify(error.body));
    }
  }

  async #handle(asked: Asked): Promise<{ status: number; headers?: object; body: Buffer | string }> {
    const { method, url } = asked;
    if (url.pathname === "/token") return { status: 200, body: this.#giveToken(asked) };
    if (isSigned(url)) return this.#read(signatory(this.accounts, method, url), url);
    const account = this.#tokens.get(asked.headers.authorization?.replace(/^Bearer /, "") ?? "");
    if (account === undefined) throw storageRefusal(401, "authError", "Invalid Credentials");
    for (const permission of await this.#permissionsFor(asked)) demand(account, permission);
    // A page may always be shorter than it could be: here there are several of them.
    if (isList(asked)) url.searchParams.set("maxResults", "2");
    const answer = await this.#pass({ ...asked, path: `${url.pathname}${url.search}` });
    // An account that may not list the bucket is not told that an object is missing.
    if (answer.status === 404 && method !== "POST") demand(account, "storage.objects.list");
    return answer;
  }

  #giveToken({ url, body }: Asked): string {
    const form = new URLSearchParams(body.toString("utf8"));
    const account = claimant(this.accounts, form, [url.href]);
    const token = `ya29.${randomUUID()}`;
    this.#tokens.set(token, account);
    this.tokensGiven++;
    return JSON.stringify({ access_token: token, expires_in: 3_599, token_type: "Bearer" });
  }

  /** https://cloud.google.com/storage/docs/access-control/iam-json: overwriting needs the permission to delete. */
  async #permissionsFor(asked: Asked): Promise<string[]> {
    const { method, url, body } = asked;
    if (isList(asked)) return ["storage.objects.list"];
    if (method === "GET") return ["storage.objects.get"];
    if (method === "DELETE") return ["storage.objects.delete"];
    const mayOverwrite = url.searchParams.get("ifGenerationMatch") !== "0";
    const overwrites = mayOverwrite && (await this.#isThere(url, body));
    return ["storage.objects.create", ...(overwrites ? ["storage.objects.delete"] : [])];
  }

  /** The object that is being put. */
  async #isThere(url: URL, body: Buffer): Promise<boolean> {
    const [, json = '""'] = /"name":("(?:[^"\\]|\\.)*")/.exec(body.toString("utf8")) ?? [];
    const name = url.searchParams.get("name") ?? JSON.parse(json);
    const objects = url.pathname.replace(/^\/upload/, "");
    const path = `${objects}/${encodeURIComponent(name)}`;
    const answer = await this.#pass({ method: "GET", path, headers: {}, body: Buffer.alloc(0) });
    return answer.status === 200;
  }

  #read(account: Account, url: URL) {
    demand(account, "storage.objects.get");
    const [bucket = "", ...key] = url.pathname.slice(1).split("/").map(decodeURIComponent);
    const path = `/download/storage/v1/b/${bucket}/o/${encodeURIComponent(key.join("/"))}?alt=media`;
    return this.#pass({ method: "GET", path, headers: {}, body: Buffer.alloc(0) });
  }

  async #pass({ method, path, headers, body }: Omit<Asked, "url"> & { readonly path: string }) {
    const { "content-type": contentType } = headers;
    const answer = await this.#agent.request({
      origin: this.#server.origin,
      method: method as Dispatcher.HttpMethod,
      path,
      headers: contentType === undefined ? {} : { "content-type": contentType },
      body,
    });
    const found = answer.headers["content-type"];
    return {
      status: answer.statusCode,
      headers: found === undefined ? {} : { "content-type": found },
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }
}

const isList = ({ method, url }: Asked): boolean => method === "GET" && /\/o$/.test(url.pathname);

function demand({ email, permissions }: Account, permission: string): void {
  if (!permissions.has(permission)) throw forbidden(email, permission);
}
