/** Cases about connecting by OAuth: the way to the consent page and back, renewal, and revocation. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { SystoleError } from "../../errors.ts";
import { oauthConsents } from "../consents.ts";
import { scopesOf } from "../kit/scopes.ts";
import type { AuthorizationCode, Grant, HttpRequest, OAuthConsent } from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";
import { accessOf, heldGrant, inTurn, saidBy, secretsAmong, settingsOf, soon } from "./scripted.ts";
import type { ConsentExamples, ProviderCase, ProviderSubject } from "./subject.ts";
import { assertTold, formsOf, type IssuedForm, span } from "./tokens.ts";

const redirectUri = "https://hub.example/v2/auth/here/oauth2?x=1&y=2";
const nameOf = ({ name }: { readonly name: string }) => name;
const verifierPattern = /^[\w.~-]{43,128}$/;
const codeVerifier = "a-verifier-that-was-kept-until-the-person-came-back";

interface Judged {
  readonly subject: ProviderSubject;
  readonly consent: OAuthConsent<unknown>;
  readonly examples: ConsentExamples;
  readonly scopes: readonly string[];
}

/** Returns each consent with its examples. A missing example is reported by another case. */
function judgedConsents(subject: ProviderSubject): Judged[] {
  return oauthConsents(subject.provider).flatMap((consent) => {
    const examples = subject.consents?.[consent.name];
    return examples === undefined ? [] : [{ subject, consent, examples, scopes: consent.scopes.map(nameOf) }];
  });
}

const begin = ({ subject, consent, scopes }: Omit<Judged, "examples">, state = "s t&a=te") =>
  consent.begin(accessOf(subject), { redirectUri, state, scopes });

const codeOf = ({ scopes }: Judged, verifier: string | null): AuthorizationCode => ({
  code: "the-code",
  codeVerifier: verifier,
  redirectUri,
  scopes,
  signal: soon(),
});

/** Returns the PKCE verifier that the consent gives, or null. */
const verifierOf = async (judged: Judged) =>
  (await begin(judged)).codeVerifier === null ? null : codeVerifier;

async function exchanged(judged: Judged, tokens: IssuedForm) {
  const http = inTurn(tokens.replies);
  const { subject, consent } = judged;
  const code = codeOf(judged, await verifierOf(judged));
  const { result: grant, times } = await span(() => consent.exchange(accessOf(subject, http), code));
  return { grant, times, http };
}

const heldBy = ({ subject, consent, scopes }: Judged): Grant =>
  heldGrant(subject, {
    consent: consent.name,
    scopes,
    renewal: { kind: "refresh-token", token: "held-refresh-token" },
  });

/** Asserts that the client's secret is in the header of Basic authentication or in the body, and not in both. */
function assertProvesClient(
  request: HttpRequest,
  secrets: readonly string[],
  { clientAuthentication }: ConsentExamples,
): void {
  const holdsSecret = (texts: readonly string[]) =>
    secrets.some((secret) => texts.some((text) => text.includes(secret)));
  const isBasic = Object.values(request.headers).some((value) => /^basic /i.test(value));
  const inHeaders = holdsSecret(saidBy({ ...request, body: null }));
  const inBody = holdsSecret(saidBy({ ...request, headers: {} }));
  const isByBasic = clientAuthentication === "basic";
  assert.deepEqual(
    { isBasic, inHeaders, inBody },
    { isBasic: isByBasic, inHeaders: isByBasic, inBody: !isByBasic },
  );
}

export const connectingCases = {
  "sends the person away with state, redirect address and scopes": async (subject) => {
    for (const consent of oauthConsents(subject.provider)) {
      const scopes = consent.scopes.map(nameOf);
      const url = new URL((await begin({ subject, consent, scopes })).url);
      assert.equal(url.searchParams.get("redirect_uri"), redirectUri);
      assert.equal(url.searchParams.get("state"), "s t&a=te");
      assert.deepEqual(new Set(scopesOf(url.searchParams.get("scope") ?? "")), new Set(scopes));
    }
  },
  "sends a challenge of the verifier that it keeps, and none where it keeps none": async (subject) => {
    for (const consent of oauthConsents(subject.provider)) {
      const judged = { subject, consent, scopes: consent.scopes.map(nameOf) };
      const [first, second] = [await begin(judged), await begin(judged, "another")];
      const query = new URL(first.url).searchParams;
      if (first.codeVerifier === null) {
        assert.equal(query.get("code_challenge"), null);
        continue;
      }
      assert.match(first.codeVerifier, verifierPattern);
      assert.notEqual(first.codeVerifier, second.codeVerifier);
      const challenge = createHash("sha256").update(first.codeVerifier).digest("base64url");
      assert.equal(query.get("code_challenge"), challenge);
      assert.equal(query.get("code_challenge_method"), "S256");
    }
  },
  "shows a code with everything that belongs to it, and proves who the client is": async (subject) => {
    const secrets = Object.values(secretsAmong(subject.provider, settingsOf(subject)));
    for (const judged of judgedConsents(subject)) {
      const verifier = await verifierOf(judged);
      for (const form of formsOf(judged.examples, "code")) {
        const [request = assert.fail("it is asked")] = (await exchanged(judged, form)).http.asked;
        const said = saidBy(request);
        for (const needed of ["the-code", redirectUri, verifier ?? []].flat()) assert(said.includes(needed));
        if (verifier === null) assert.doesNotMatch(request.body ?? "", /code_verifier/);
        for (const hidden of [...secrets, "the-code"]) assert(!request.url.includes(hidden), request.url);
        assertProvesClient(request, secrets, judged.examples);
      }
    }
  },
  "takes the tokens, their end and the scopes as it is told": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      for (const form of formsOf(judged.examples, "code")) {
        const { grant, times } = await exchanged(judged, form);
        assert.equal(grant.consent, judged.consent.name);
        assertTold({ grant, tokens: form.tokens, times, subject });
        if (form.tokens.scopes !== null) assert.deepEqual(grant.scopes, form.tokens.scopes);
        const token = form.tokens.refreshToken;
        assert.deepEqual(grant.renewal, token === null ? null : { kind: "refresh-token", token });
        if (token !== null) assert(judged.consent.refresh, "a token that can be renewed is renewed");
      }
    }
  },
  "takes scopes of which it is told nothing for those it asked for": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      for (const form of formsOf(judged.examples, "code")) {
        if (form.tokens.scopes !== null) continue;
        assert.deepEqual((await exchanged(judged, form)).grant.scopes, judged.scopes);
      }
    }
  },
  "says that a code was refused, and says no secret": async (subject) => {
    const secrets = Object.values(secretsAmong(subject.provider, settingsOf(subject)));
    for (const judged of judgedConsents(subject)) {
      const { consent, examples } = judged;
      for (const reply of [examples.refusal, { status: 500 }, { status: 200, body: "<html>" }]) {
        const code = codeOf(judged, await verifierOf(judged));
        const failed = async () => consent.exchange(accessOf(subject, inTurn([reply])), code);
        await assert.rejects(failed, (error) => {
          assert(error instanceof SystoleError && error.code === "OAUTH_EXCHANGE_FAILED");
          const told = JSON.stringify(error.details);
          return ![...secrets, "the-code", codeVerifier].some((hidden) => told.includes(hidden));
        });
      }
    }
  },
  "renews a token, and keeps a refresh token in place of which it is given none": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      const { consent, examples } = judged;
      if (consent.refresh === undefined) continue;
      const held = heldBy(judged);
      for (const { tokens, replies } of formsOf(examples, "refresh-token")) {
        const http = inTurn(replies);
        const { result: grant, times } = await span(
          async () => consent.refresh?.(accessOf(subject, http), held, soon()) ?? held,
        );
        assert(http.asked.some((request) => saidBy(request).includes("held-refresh-token")));
        assert.equal(grant.consent, consent.name);
        assertTold({ grant, tokens, times, subject });
        const token = tokens.refreshToken ?? "held-refresh-token";
        assert.deepEqual(grant.renewal, { kind: "refresh-token", token });
        assert.deepEqual(grant.scopes, tokens.scopes ?? held.scopes);
      }
    }
  },
  "says that the permission is over when a renewal is refused, and only then": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      const { consent, examples } = judged;
      const refresh = async (status: ExampleReply) =>
        consent.refresh?.(accessOf(subject, inTurn([status])), heldBy(judged), soon());
      if (consent.refresh === undefined) continue;
      await assert.rejects(() => refresh(examples.refusal), { code: "PROVIDER_UNAUTHORIZED" });
      await assert.rejects(() => refresh({ status: 503 }), { code: "PROVIDER_UNAVAILABLE", retry: "later" });
    }
  },
  "makes a person known, and one who is known already": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      const { done, known } = judged.examples.register ?? { done: [], known: [] };
      for (const replies of judged.consent.register === undefined ? [] : [done, known]) {
        const access = accessOf(subject, inTurn(replies));
        const registering = { memberId: "our-id", opened: [], knownAs: [], signal: soon() };
        const grant = await judged.consent.register?.(access, heldBy(judged), registering);
        const apis = grant?.apis ?? [];
        assert(
          apis.every((api) => api in subject.provider.apis),
          "it opens APIs of the provider",
        );
      }
    }
  },
  "gives a permission back, and one that has ended already": async (subject) => {
    for (const judged of judgedConsents(subject)) {
      const { done, gone } = judged.examples.revoke ?? { done: [], gone: [] };
      for (const replies of judged.consent.revoke === undefined ? [] : [done, gone]) {
        const http = inTurn(replies);
        await judged.consent.revoke?.(accessOf(subject, http), heldBy(judged), soon());
        assert.equal(http.asked.length, replies.length);
      }
    }
  },
} as const satisfies Record<string, ProviderCase>;
