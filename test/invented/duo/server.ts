/** Duo's server: two APIs; anything that the person did not grant is refused with 403. */
import { randomUUID } from "node:crypto";
import {
  type AskedRequest,
  agreed,
  daysBetween,
  type InventedServer,
  type Reply,
  startInvented,
  tokenOf,
} from "../server.ts";

export interface DuoServer extends InventedServer {
  readonly days: { day: string; steps: number }[];
  readonly nights: { day: string; steps: number }[];
  /** The scopes that the person grants from now on. */
  granted: readonly string[];
  /** The id of the person who agrees from now on. */
  person: string;
  /** The addresses that receive notifications about people, by person. */
  readonly subscribers: ReadonlyMap<string, string>;
  refusesSubscribers: boolean;
  /** The token endpoint answers 503. */
  isDown: boolean;
}

export async function startDuo(): Promise<DuoServer> {
  const state: Omit<DuoServer, keyof InventedServer | "subscribers"> = {
    days: [],
    nights: [],
    granted: ["past", "today"],
    person: "d-1",
    refusesSubscribers: false,
    isDown: false,
  };
  const tokens = new Map<string, { readonly scopes: readonly string[]; readonly person: string }>();
  const asked = new Map<string, readonly string[]>();
  const subscribers = new Map<string, string>();

  function authorize(request: AskedRequest): Reply {
    const code = randomUUID();
    asked.set(code, (request.url.searchParams.get("scope") ?? "").split(" "));
    return agreed(request, code);
  }

  function token({ body }: AskedRequest): Reply {
    const form = new URLSearchParams(body);
    if (state.isDown) return { status: 503 };
    if (form.get("client_secret") === null) return { status: 401, json: { error: "invalid_client" } };
    const access_token = randomUUID();
    const { person, granted } = state;
    const wanted = asked.get(form.get("code") ?? "") ?? [];
    const scopes = wanted.filter((scope) => scope === "night" || granted.includes(scope));
    tokens.set(access_token, { scopes, person });
    return { json: { access_token, token_type: "bearer", scope: scopes.join(" "), person } };
  }

  const ownerOf = (request: AskedRequest) => tokens.get(tokenOf(request));

  function scoped(scope: string, request: AskedRequest, json: () => unknown): Reply {
    const owner = ownerOf(request);
    if (owner === undefined) return { status: 401 };
    if (!owner.scopes.includes(scope)) return { status: 403, json: { error: "insufficient_scope" } };
    return { json: json() };
  }

  function subscribe(request: AskedRequest): Reply {
    const owner = ownerOf(request);
    if (owner === undefined) return { status: 401 };
    if (state.refusesSubscribers) return { status: 503 };
    if (request.method === "DELETE") subscribers.delete(owner.person);
    else subscribers.set(owner.person, (JSON.parse(request.body) as { url: string }).url);
    return { status: 204 };
  }

  function climbsOf({ url }: AskedRequest): unknown {
    const day = url.searchParams.get("day");
    return { day, floors: state.days.find((one) => one.day === day)?.steps ?? 0 };
  }

  const server = await startInvented((request) => {
    switch (request.url.pathname) {
      case "/authorize":
        return authorize(request);
      case "/token":
        return token(request);
      case "/past/past-days":
        return scoped("past", request, () => ({ days: daysBetween(request.url, state.days) }));
      case "/past/climbs":
        return scoped("past", request, () => climbsOf(request));
      case "/today/today":
        return scoped("today", request, () => ({ days: daysBetween(request.url, state.days) }));
      case "/night/night":
        return scoped("night", request, () => ({ days: daysBetween(request.url, state.nights) }));
      case "/subscriber":
        return subscribe(request);
      case "/revoke":
        return { status: ownerOf(request) === undefined ? 401 : 204 };
      default:
        return { status: 404 };
    }
  });
  return Object.assign(state, server, { subscribers });
}
