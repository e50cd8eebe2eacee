/** Requests to the FHIR server, with its authorisation. */
import type { SenderContext } from "../destination.ts";
import { asDeliveryError } from "../kit/failure.ts";
import { type Answer, type GuardedHttp, openHttp } from "../kit/http.ts";
import { type FhirSettings, tlsOptions } from "./settings.ts";
import { openTokens, type SmartClient } from "./smart.ts";

export interface FhirServer {
  readonly base: URL;
  /** Returns the answer, whatever its status is. `path` is below the base. @throws DeliveryError */
  get(path: string, signal: AbortSignal): Promise<Answer>;
  /** Sends a Bundle to the base itself. @throws DeliveryError */
  transact(bundle: Buffer, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

/** The `Authorization` of the next request. `renew` is absent where a refused one cannot be made anew. */
interface Authorization {
  current(): Promise<string | null>;
  renew?(refused: string): void;
}

/** Answers list what was written, and a CapabilityStatement has every search parameter of a server. */
const maxResponseSize = 4 * 1_024 * 1_024;

const fhirJson = "application/fhir+json";
export const transactionHeaders = {
  "content-type": fhirJson,
  accept: fhirJson,
  // The resources need not come back.
  prefer: "return=minimal",
} as const;
const searchHeaders = {
  accept: fhirJson,
  // HAPI answers a search from a cache for a minute otherwise.
  "cache-control": "no-cache",
  // A parameter that a server does not know is refused instead of ignored.
  prefer: "handling=strict",
} as const;

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openServer(settings: FhirSettings, context: SenderContext): FhirServer {
  const base = baseOf(settings.base_url);
  const addresses = [base, ...(settings.token_url === undefined ? [] : [new URL(settings.token_url)])];
  for (const { hostname } of addresses) context.assertAddressAllowed(hostname);
  const http = openHttp(context, { maxResponseSize, tls: tlsOptions(settings) });
  const send = authorised(http, authorizationOf(settings, http));
  return {
    base,
    get: (path, signal) => send({ method: "GET", url: below(base, path), headers: searchHeaders }, signal),
    transact: (body, signal) =>
      send({ method: "POST", url: base, headers: transactionHeaders, body }, signal),
    close: () => http.close(),
  };
}

/** Without a slash at its end: a transaction is sent to exactly this URL. */
function baseOf(text: string): URL {
  const url = new URL(text);
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

const below = ({ href }: URL, path: string): URL => new URL(`${href.replace(/\/$/, "")}/${path}`);

/** A refused token is made anew once: it may have been revoked before its time. */
function authorised(http: GuardedHttp, { current, renew }: Authorization): GuardedHttp["send"] {
  return async (request, signal) => {
    const attempt = async (): Promise<{ answer: Answer; authorization: string | null }> => {
      const authorization = await current();
      const headers = { ...request.headers, ...(authorization !== null && { authorization }) };
      return { authorization, answer: await http.send({ ...request, headers }, signal) };
    };
    try {
      const { answer, authorization } = await attempt();
      if (answer.status !== 401 || renew === undefined || authorization === null) return answer;
      renew(authorization);
      return (await attempt()).answer;
    } catch (thrown) {
      throw asDeliveryError(thrown, signal);
    }
  };
}

function authorizationOf(settings: FhirSettings, http: GuardedHttp): Authorization {
  const fixed = (value: string | null): Authorization => ({ current: async () => value });
  switch (settings.authorization) {
    case "none":
      return fixed(null);
    case "basic":
      return fixed(`Basic ${Buffer.from(`${settings.username}:${settings.password}`).toString("base64")}`);
    case "bearer":
      return fixed(`Bearer ${settings.token}`);
    case "smart":
      return smart(settings, http);
  }
}

function smart(settings: FhirSettings, http: GuardedHttp): Authorization {
  const tokens = openTokens(smartClient(settings), http);
  return {
    current: async () => `Bearer ${await tokens.current()}`,
    renew: (refused) => tokens.forget(refused.slice("Bearer ".length)),
  };
}

/** The schema of the settings makes sure that none is absent. */
const smartClient = (settings: FhirSettings): SmartClient => ({
  tokenUrl: settings.token_url ?? "",
  clientId: settings.client_id ?? "",
  privateKey: settings.private_key ?? "",
  keyId: settings.key_id ?? "",
  scope: settings.scope,
});
