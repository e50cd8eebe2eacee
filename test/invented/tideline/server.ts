/** Tideline's server: PKCE by S256, Basic authentication, refresh tokens that work once, two days a page. */
import { createHash, createHmac, randomUUID } from "node:crypto";
import {
  type AskedRequest,
  agreed,
  daysBetween,
  type InventedServer,
  type Reply,
  startInvented,
  tokenOf,
} from "../server.ts";

export interface TidelineServer extends InventedServer {
  /** The days of its one person. */
  readonly days: { day: string; steps: number }[];
  /** Ends every access token, so that the next call needs a new one. */
  expireTokens(): void;
  /** Its subscriptions by event, each with a secret of its own. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** The event whose subscription is refused; null for none. */
  refusedEvent: string | null;
  /** Sends a notification about a day for the event's subscription. A forger's has another secret. */
  tell(event: string, day: string, secret?: string): Promise<number>;
  /** The refresh tokens received, in order. */
  readonly refreshed: readonly string[];
}

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  /** How often it was made or renewed. */
  readonly times: number;
}

const weekMs = 7 * 24 * 3_600_000;

export async function startTideline(): Promise<TidelineServer> {
  const days: TidelineServer["days"] = [];
  const refreshed: string[] = [];
  const challenges = new Map<string, string>();
  const accessTokens = new Set<string>();
  const refreshTokens = new Set<string>();

  function authorize(request: AskedRequest): Reply {
    const code = randomUUID();
    challenges.set(code, request.url.searchParams.get("code_challenge") ?? "");
    return agreed(request, code);
  }

  function token({ headers, body }: AskedRequest): Reply {
    if (!headers.authorization?.startsWith("Basic "))
      return { status: 401, json: { error: "invalid_client" } };
    const form = new URLSearchParams(body);
    return form.get("grant_type") === "refresh_token" ? refresh(form) : exchange(form);
  }

  function exchange(form: URLSearchParams): Reply {
    const challenge = challenges.get(form.get("code") ?? "");
    challenges.delete(form.get("code") ?? "");
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    return challenge === proof ? tokens() : { status: 400, json: { error: "invalid_grant" } };
  }

  function refresh(form: URLSearchParams): Reply {
    const used = form.get("refresh_token") ?? "";
    refreshed.push(used);
    return refreshTokens.delete(used) ? tokens() : { status: 400, json: { error: "invalid_grant" } };
  }

  function tokens(): Reply {
    const [access_token, refresh_token] = [randomUUID(), randomUUID()];
    accessTokens.add(access_token);
    refreshTokens.add(refresh_token);
    return { json: { access_token, refresh_token, token_type: "Bearer", expires_in: 3_600, person: "t-1" } };
  }

  function page(request: AskedRequest): Reply {
    if (!accessTokens.has(tokenOf(request))) return { status: 401, json: { error: "invalid_token" } };
    const { url } = request;
    const cursor = url.searchParams.get("cursor");
    // The first page is empty but has a cursor.
    if (cursor === null) return { json: { days: [], next: "0" } };
    const found = daysBetween(url, days);
    const start = Number(cursor);
    const next = start + 2 < found.length ? String(start + 2) : null;
    return { json: { days: found.slice(start, start + 2), next } };
  }

  const subscriptions = new Map<string, Subscription>();
  const state: Pick<TidelineServer, "refusedEvent"> = { refusedEvent: null };

  function subscribe(event: string, { headers, body }: AskedRequest): Reply {
    if (!headers.authorization?.startsWith("Basic ")) return { status: 401 };
    if (event === state.refusedEvent) return { status: 503, json: { error: "later" } };
    const { url, known } = JSON.parse(body) as { url: string; known: string[] };
    const held = subscriptions.get(event);
    const isRenewed = held !== undefined && known.includes(held.id);
    const [id, secret] = isRenewed ? [held.id, held.secret] : [randomUUID(), randomUUID()];
    subscriptions.set(event, { id, secret, url, times: (held?.times ?? 0) + 1 });
    const ends = new Date(Date.now() + weekMs).toISOString();
    return { json: { id, secret: isRenewed ? null : secret, ends } };
  }

  async function tell(event: string, day: string, forged?: string): Promise<number> {
    const { url = "", secret = "" } = subscriptions.get(event) ?? {};
    const body = JSON.stringify({ event, person: "t-1", day });
    const signature = createHmac("sha256", forged ?? secret)
      .update(body)
      .digest("hex");
    const headers = { "content-type": "application/json", "tideline-signature": signature };
    return (await fetch(url, { method: "POST", headers, body })).status;
  }

  const server = await startInvented((request) => {
    const [, folder, event = ""] = request.url.pathname.split("/");
    if (folder === "subscriptions") return subscribe(event, request);
    switch (request.url.pathname) {
      case "/authorize":
        return authorize(request);
      case "/token":
        return token(request);
      case "/days":
        return page(request);
      default:
        return { status: 404 };
    }
  });
  const others = { days, refreshed, subscriptions, tell, expireTokens: () => accessTokens.clear() };
  return Object.assign(state, server, others);
}
