/**
 * Access tokens of SMART Backend Services: a client assertion that is signed with our key is exchanged for a token
 * (https://hl7.org/fhir/smart-app-launch/backend-services.html). A token is used until it is about to expire.
 */
import * as oauth from "oauth4webapi";
import type { DeliveryError } from "../destination.ts";
import { type AccessTokens, keepToken, type Token } from "../kit/access-tokens.ts";
import { failure } from "../kit/failure.ts";
import type { Answer, GuardedHttp } from "../kit/http.ts";
import { signingKey } from "./signing-key.ts";

export interface SmartClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly keyId: string;
  readonly scope: string;
}

/** SMART allows an assertion five minutes; clocks differ. */
const assertionSeconds = 240;
/** A token is not used in its last moments. */
const marginMs = 30_000;
/** The time of a token whose answer says none: SMART recommends at most five minutes. */
const usualSeconds = 300;
/** Several deliveries may wait for one token: the request is not aborted together with one of them. */
const timeoutMs = 8_000;

export const openTokens = (client: SmartClient, http: GuardedHttp): AccessTokens =>
  keepToken(() => exchange(client, http), marginMs);

/** @throws DeliveryError */
async function exchange(client: SmartClient, http: GuardedHttp): Promise<Token> {
  const askedAt = Date.now();
  const server = { issuer: new URL(client.tokenUrl).origin, token_endpoint: client.tokenUrl };
  const known = { client_id: client.clientId };
  const sent: { answer?: Answer } = {};
  try {
    const reply = await oauth.processClientCredentialsResponse(
      server,
      known,
      await oauth.clientCredentialsGrantRequest(
        server,
        known,
        assertion(client),
        new URLSearchParams({ scope: client.scope }),
        throughGuard(http, sent),
      ),
    );
    const seconds = reply.expires_in ?? usualSeconds;
    return { value: reply.access_token, expiresAt: askedAt + seconds * 1_000 };
  } catch (thrown) {
    throw sent.answer === undefined ? thrown : refusal(sent.answer, thrown);
  }
}

/** SMART wants the token URL itself as the audience, and the type in the header. */
const assertion = ({ privateKey, keyId, tokenUrl }: SmartClient): oauth.ClientAuth =>
  oauth.PrivateKeyJwt(
    { key: signingKey(privateKey), kid: keyId },
    {
      [oauth.modifyAssertion]: (header, payload) => {
        header.typ = "JWT";
        payload.aud = tokenUrl;
        payload.exp = Number(payload.iat) + assertionSeconds;
      },
    },
  );

/** The address guard alone decides which addresses are allowed, with or without TLS. */
const throughGuard = (http: GuardedHttp, sent: { answer?: Answer }): oauth.TokenEndpointRequestOptions => ({
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: async (url, { body, headers }) => {
    const request = { method: "POST", url: new URL(url), headers, body: String(body) } as const;
    const answer = await http.send(request, AbortSignal.timeout(timeoutMs));
    sent.answer = answer;
    const type = String(answer.headers["content-type"] ?? "");
    const text = [204, 205, 304].includes(answer.status) ? null : answer.text;
    return new Response(text, { status: answer.status, headers: { "content-type": type } });
  },
});

/** RFC 6749 §5.2: 400 and 401 are about the client or what it asks for. Any other answer may pass. */
function refusal(answer: Answer, cause: unknown): DeliveryError {
  const { status, headers } = answer;
  const known = cause instanceof oauth.ResponseBodyError ? cause : null;
  const told = known === null ? "" : `${known.error}: ${known.error_description ?? ""}`;
  const reason = `no access token: ${told === "" ? `the server answered ${status}` : told}`;
  const refused = told !== "" || status === 401 || status === 403;
  const code =
    refused && status < 500 && status !== 429 ? "DESTINATION_CREDENTIALS_REFUSED" : "DELIVERY_FAILED";
  // An answer of 200 may have a token in it: only what was understood as a refusal is kept.
  return failure(code, reason, { status, text: reason, headers, ...(known !== null && { cause: known }) });
}
