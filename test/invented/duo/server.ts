/** Duo's own server: two APIs; what the person did not grant is refused with 403. */
import { randomUUID } from "node:crypto";
import { type AskedRequest, daysBetween, type InventedServer, type Reply, startInvented } from "../server.ts";

export interface DuoServer extends InventedServer {
  readonly days: { day: string; steps: number }[];
  /** The scopes that the person grants from here on. */
  granted: readonly string[];
}

export async function startDuo(): Promise<DuoServer> {
  const state: Pick<DuoServer, "days"> & { granted: readonly string[] } = {
    days: [],
    granted: ["past", "today"],
  };
  const scopes = new Map<string, readonly string[]>();

  function authorize({ url }: AskedRequest): Reply {
    const back = new URL(url.searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", randomUUID());
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return { status: 302, headers: { location: back.href } };
  }

  function token({ body }: AskedRequest): Reply {
    if (new URLSearchParams(body).get("client_secret") === null) {
      return { status: 401, json: { error: "invalid_client" } };
    }
    const access_token = randomUUID();
    scopes.set(access_token, state.granted);
    return { json: { access_token, token_type: "bearer", scope: state.granted.join(" "), person: "d-1" } };
  }

  function list(scope: string, { url, headers }: AskedRequest): Reply {
    const granted = scopes.get(headers.authorization?.slice("Bearer ".length) ?? "");
    if (granted === undefined) return { status: 401 };
    if (!granted.includes(scope)) return { status: 403, json: { error: "insufficient_scope" } };
    return { json: { days: daysBetween(url, state.days) } };
  }

  const server = await startInvented((request) => {
    switch (request.url.pathname) {
      case "/authorize":
        return authorize(request);
      case "/token":
        return token(request);
      case "/past/past-days":
        return list("past", request);
      case "/today/today":
        return list("today", request);
      default:
        return { status: 404 };
    }
  });
  return Object.assign(state, server);
}
