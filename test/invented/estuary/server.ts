/** Estuary's server: refresh tokens that work once, published keys, subscribers, and tides in three pages, one empty. */
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { type AskedRequest, type InventedServer, type Reply, startInvented } from "../server.ts";

export interface EstuaryServer extends InventedServer {
  /** The person who agrees next. */
  person: string;
  /** The scopes that are granted from here on. */
  granted: readonly string[];
  /** How long new access tokens are good for. */
  tokenSeconds: number;
  /** Awaited before a subscriber is added. */
  beforeSubscribing: () => Promise<unknown>;
  /** Whether permissions cannot be given back just now. */
  refusesRevocations: boolean;
  /** The addresses that are told about people, by person. */
  readonly subscribers: ReadonlyMap<string, string>;
  /** The people whose permission was given back, in order. */
  readonly revoked: readonly string[];
  /** Ends every access token. */
  expireTokens(): void;
  /** Posts a signed message to our address. */
  push(url: string, message: object): Promise<Response>;
}

const pages = 3;

export async function startEstuary(): Promise<EstuaryServer> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const people = new Map<string, string>();
  const refreshTokens = new Map<string, string>();
  const subscribers = new Map<string, string>();
  const revoked: string[] = [];
  const state = {
    person: "e-1",
    granted: ["days"] as readonly string[],
    tokenSeconds: 3_600,
    beforeSubscribing: async () => {},
    refusesRevocations: false,
  };

  function authorize({ url }: AskedRequest): Reply {
    const back = new URL(url.searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", randomUUID());
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return { status: 302, headers: { location: back.href } };
  }

  function token({ body }: AskedRequest): Reply {
    const form = new URLSearchParams(body);
    if (form.get("grant_type") !== "refresh_token") return tokensFor(state.person);
    const used = form.get("refresh_token") ?? "";
    const person = refreshTokens.get(used);
    refreshTokens.delete(used);
    return person === undefined ? { status: 400, json: { error: "invalid_grant" } } : tokensFor(person);
  }

  function tokensFor(person: string): Reply {
    const [access_token, refresh_token] = [randomUUID(), randomUUID()];
    people.set(access_token, person);
    refreshTokens.set(refresh_token, person);
    const [scope, expires_in] = [state.granted.join(" "), state.tokenSeconds];
    return { json: { access_token, refresh_token, token_type: "bearer", person, scope, expires_in } };
  }

  function keys(): Reply {
    const { x, y } = publicKey.export({ format: "jwk" });
    return { json: { keys: [{ id: "k1", x, y }] } };
  }

  async function subscriber(person: string, { method, body }: AskedRequest): Promise<Reply> {
    if (method === "DELETE") subscribers.delete(person);
    else {
      await state.beforeSubscribing();
      subscribers.set(person, (JSON.parse(body) as { url: string }).url);
    }
    return { status: 204 };
  }

  function revoke(person: string): Reply {
    if (state.refusesRevocations) return { status: 503 };
    revoked.push(person);
    return { status: 204 };
  }

  function tides({ body }: AskedRequest): Reply {
    const { day, cursor = "0" } = JSON.parse(body) as { day: string; cursor?: string };
    const page = Number(cursor);
    const found = page === 1 ? [] : [{ id: cursor, floors: 1, day }];
    const headers = page + 1 < pages ? { "estuary-next": String(page + 1) } : {};
    return { headers, json: { tides: found } };
  }

  const server = await startInvented((request) => {
    const person = people.get(request.headers.authorization?.slice("Bearer ".length) ?? "");
    switch (request.url.pathname) {
      case "/authorize":
        return authorize(request);
      case "/token":
        return token(request);
      case "/keys":
        return keys();
    }
    if (person === undefined) return { status: 401 };
    switch (request.url.pathname) {
      case "/subscriber":
        return subscriber(person, request);
      case "/revoke":
        return revoke(person);
      case "/tides":
        return tides(request);
      default:
        return { status: 404 };
    }
  });
  const push: EstuaryServer["push"] = (url, message) => {
    const body = JSON.stringify(message);
    const signature = sign("sha256", Buffer.from(body), privateKey).toString("base64");
    return fetch(url, { method: "POST", body, headers: { "estuary-signature": `k1:${signature}` } });
  };
  const expireTokens = () => people.clear();
  return Object.assign(state, server, { subscribers, revoked, expireTokens, push });
}
