/** Test helpers: a sandbox on a free port, a client for it, and a webhook receiver. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { keepAliveTimeout } from "../../kit/keep-alive.ts";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../standalone.ts";

export const NOW = new Date("2025-10-02T09:00:00Z");

export interface Linked {
  id: number;
  token: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: () => Record<string, unknown>;
}

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface World {
  sandbox: RunningSandbox;
  basic: string;
  call(path: string, call?: Call): Promise<Answer>;
  as(person: Linked, path: string, call?: Call): Promise<Answer>;
  asClient(path: string, call?: Call): Promise<Answer>;
  put(id: number, resource: string, body: unknown): Promise<Answer>;
  at(now: string): Promise<void>;
  person(): Promise<number>;
  authorize(id: number): Promise<string>;
  link(id: number): Promise<Linked>;
  /** Makes a person who is authorised and registered. */
  linked(): Promise<Linked>;
  close(): Promise<void>;
}

export const REDIRECT = "http://127.0.0.1:9/back";

export async function startWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const sandbox = await startSandbox({ port: 0, now: NOW, ...options });
  const basic = `Basic ${Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString("base64")}`;
  const call = (path: string, request: Call = {}) => send(`${sandbox.url}${path}`, request);
  const withAuth = (authorization: string, path: string, request: Call = {}) =>
    call(path, { ...request, headers: { Authorization: authorization, ...request.headers } });
  const world: World = {
    sandbox,
    basic,
    call,
    as: (person, path, request) => withAuth(`Bearer ${person.token}`, path, request),
    asClient: (path, request) => withAuth(basic, path, request),
    put: (id, resource, body) => call(`/_sandbox/users/${id}/${resource}`, { method: "PUT", body }),
    async at(now) {
      await call("/_sandbox/clock", { method: "PUT", body: { now } });
    },
    async person() {
      return (await call("/_sandbox/users", { method: "POST" })).json().user_id as number;
    },
    authorize: (id) => authorize(world, id),
    link: (id) => link(world, id),
    async linked() {
      const person = await link(world, await world.person());
      const body = { "member-id": `member-${person.id}` };
      await world.as(person, "/v3/users", { method: "POST", body });
      return person;
    },
    close: () => sandbox.close(),
  };
  return world;
}

/** Sends a string body as it is, anything else as JSON. */
async function send(url: string, { method = "GET", body, headers = {} }: Call): Promise<Answer> {
  const content = body === undefined || typeof body === "string" || body instanceof Buffer;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined
      ? {}
      : { body: (content ? body : JSON.stringify(body)) as NonNullable<RequestInit["body"]> }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

async function authorize(world: World, id: number): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: world.sandbox.clientId,
    redirect_uri: REDIRECT,
    state: "s t",
    sandbox_user: String(id),
  });
  const answer = await world.call(`/oauth2/authorization?${query}`);
  return new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

export function exchange(world: World, form: Record<string, string>): Promise<Answer> {
  return world.asClient("/v2/oauth2/token", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: "authorization_code", ...form }).toString(),
  });
}

async function link(world: World, id: number): Promise<Linked> {
  const code = await world.authorize(id);
  const reply = (await exchange(world, { code, redirect_uri: REDIRECT })).json();
  return { id, token: reply.access_token as string };
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  json: Record<string, unknown>;
}

/** A webhook receiver whose answer can be changed while it runs. */
export class Receiver {
  status = 200;
  /** Set to accept the push and never answer. */
  hang = false;
  readonly received: Received[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer({ keepAliveTimeout }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        this.received.push({ headers: request.headers, body, json: JSON.parse(body) });
        if (!this.hang) response.writeHead(this.status).end();
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  events(): unknown[] {
    return this.received.map(({ json }) => json.event);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits until a condition holds. After a timeout it returns, and the test's own assertion reports the fault. */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 8_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await holds()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
