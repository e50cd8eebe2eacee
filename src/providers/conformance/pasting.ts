/** Cases about connecting by a pasted key. */
import assert from "node:assert/strict";
import type { PastedKey } from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";
import { accessOf, inTurn, type ScriptedHttp, saidBy, soon } from "./scripted.ts";
import type { ProviderCase } from "./subject.ts";
import { assertTold, formsOf, span } from "./tokens.ts";

export const pastingCases = {
  "exchanges a key for a token, and can do so again": async (subject) => {
    const { connecting } = subject.provider;
    if (connecting.kind !== "key" || subject.key === undefined) return;
    const { isToken = false } = subject.key;
    const exchange = (http: ScriptedHttp, key: PastedKey) =>
      connecting.exchange(accessOf(subject, http), key, soon());
    for (const endsAt of connecting.hasEndDate ? [null, new Date("2031-01-01T00:00:00Z")] : [null]) {
      for (const { tokens, replies } of formsOf(subject.key, "key")) {
        const http = inTurn(replies);
        const key = { key: "the-pasted-key", endsAt };
        const { result: grant, times } = await span(() => exchange(http, key));
        assert(http.asked.some((request) => saidBy(request).some((text) => text.includes(key.key))));
        for (const { url } of http.asked) assert(!url.includes(key.key), url);
        assert.equal(grant.consent, "key");
        const accessToken = isToken ? key.key : tokens.accessToken;
        assertTold({ grant, tokens: { ...tokens, accessToken }, times, subject });
        assert.deepEqual(grant.renewal, { kind: "key", ...key });
      }
    }
  },
  "says that a key was refused, and only then": async (subject) => {
    const { connecting } = subject.provider;
    if (connecting.kind !== "key" || subject.key === undefined) return;
    const { refusal } = subject.key;
    const exchange = async (reply: ExampleReply) =>
      connecting.exchange(
        accessOf(subject, inTurn([reply])),
        { key: "the-pasted-key", endsAt: null },
        soon(),
      );
    await assert.rejects(() => exchange(refusal), { code: "PROVIDER_UNAUTHORIZED" });
    await assert.rejects(() => exchange({ status: 503 }), { code: "PROVIDER_UNAVAILABLE", retry: "later" });
  },
} as const satisfies Record<string, ProviderCase>;
