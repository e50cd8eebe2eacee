/** Test helpers: a sandbox with a person who consented at v4, and calls to its paths. */
import { type Answer, REDIRECT, startWorld, type World } from "../../testing/world.ts";
import { scopes } from "../scopes.ts";

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export const everyScope = [...scopes.keys()].join(" ");

export interface DynamicWorld {
  readonly world: World;
  readonly id: number;
  readonly tokens: Tokens;
  get(path: string, token?: string): Promise<Answer>;
  /** Turns switches; the others keep their usual values. */
  turn(switches: object): Promise<Answer>;
  close(): Promise<void>;
}

export async function startDynamic(asked = everyScope): Promise<DynamicWorld> {
  const world = await startWorld();
  const id = await world.person();
  const tokens = await consented(world, id, asked);
  return {
    world,
    id,
    tokens,
    get: (path, token = tokens.access) => world.as({ id, token }, `/v4/data${path}`),
    async turn(switches) {
      await world.call("/_sandbox/v4/switches", { method: "DELETE" });
      return world.call("/_sandbox/v4/switches", { method: "PUT", body: switches });
    },
    close: () => world.close(),
  };
}

export const authorizePath = (world: World, parameters: Record<string, string>): string =>
  `/oauth/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: world.sandbox.clientId,
    redirect_uri: REDIRECT,
    state: "a b",
    scope: everyScope,
    ...parameters,
  })}`;

export const backTo = (answer: Answer): URLSearchParams =>
  new URL(answer.headers.get("location") ?? "").searchParams;

export function token(world: World, form: Record<string, string>): Promise<Answer> {
  return world.asClient("/oauth/token", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
}

export async function codeFor(world: World, id: number, scope = everyScope): Promise<string> {
  const answer = await world.call(authorizePath(world, { sandbox_user: String(id), scope }));
  return backTo(answer).get("code") ?? "";
}

export const exchanged = (world: World, code: string, redirectUri = REDIRECT): Promise<Answer> =>
  token(world, { grant_type: "authorization_code", code, redirect_uri: redirectUri });

export const renewed = (world: World, refresh: string): Promise<Answer> =>
  token(world, { grant_type: "refresh_token", refresh_token: refresh });

async function consented(world: World, id: number, scope: string): Promise<Tokens> {
  const reply = (await exchanged(world, await codeFor(world, id, scope))).json();
  return { access: String(reply.access_token), refresh: String(reply.refresh_token) };
}
