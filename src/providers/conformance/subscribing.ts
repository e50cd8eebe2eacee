/** Cases about our webhook at a provider, against the example server. */
import assert from "node:assert/strict";
import { oauthConsents } from "../consents.ts";
import type {
  ClientSubscription,
  EventSubscriptions,
  HeldSubscription,
  PersonSubscription,
  Subscription,
  SubscriptionRequest,
} from "../provider.ts";
import { accessOf, heldGrant, scripted, soon } from "./scripted.ts";
import type { ProviderCase, ProviderSubject } from "./subject.ts";

/** Returns the provider's subscription if it has this form, and access to an example server. */
function subscribed<Kind extends Subscription<unknown>["kind"]>(subject: ProviderSubject, kind: Kind) {
  const { subscription } = subject.provider;
  if (subscription?.kind !== kind) return null;
  const server = subject.subscriptionServer?.();
  const access = accessOf(subject, server && scripted(server));
  return { subscription: subscription as Extract<Subscription<unknown>, { kind: Kind }>, access };
}

const url = "https://hub.example/v2/hooks/here";
const asking = (known: readonly string[], where = url): SubscriptionRequest => ({
  url: where,
  known,
  expectPing: async () => {},
  signal: soon(),
});

/** Makes a subscription, checks it again, and moves it to another address. */
async function assertHeld(
  ensure: (request: SubscriptionRequest) => Promise<HeldSubscription>,
): Promise<HeldSubscription> {
  const made = await ensure(asking([]));
  assert.equal(made.action, "created");
  assert(made.remoteId.length > 0, "an id");
  const again = await ensure(asking([made.remoteId]));
  assert.equal(again.remoteId, made.remoteId, "the same one");
  assert.equal(again.secret, null, "whose secret is known");
  assert.notEqual(again.action, "created");
  const moved = await ensure(asking([made.remoteId], `${url}/elsewhere`));
  assert.notEqual(moved.action, "unchanged", "at another address");
  return made;
}

export const subscribingCases = {
  "holds one webhook for the client, makes it once and moves it": async (subject) => {
    const held = subscribed(subject, "client");
    if (held === null) return;
    const { ensure } = held.subscription as ClientSubscription<unknown>;
    await assertHeld((request) => ensure(held.access, request));
  },
  "makes one anew whose secret nobody knows": async (subject) => {
    const held = subscribed(subject, "client");
    if (held === null) return;
    const { ensure } = held.subscription as ClientSubscription<unknown>;
    const { secret } = await ensure(held.access, asking([]));
    if (secret === null) return;
    const other = await ensure(held.access, asking([]));
    assert.equal(other.action, "created");
    assert(other.secret !== null, "with a secret that is told");
  },
  "holds a subscription for each event, which is renewed before it ends": async (subject) => {
    const held = subscribed(subject, "events");
    if (held === null) return;
    const { ensure, events, renewBeforeMs } = held.subscription as EventSubscriptions<unknown>;
    assert(events.length > 0 && new Set(events).size === events.length, "events");
    assert(Number.isFinite(renewBeforeMs) && renewBeforeMs > 0, "time to renew");
    const ids = new Set<string>();
    for (const event of events) {
      const made = await assertHeld(async (request) => {
        const { expiresAt, ...rest } = await ensure(held.access, event, request);
        const leastMs = Date.now() + renewBeforeMs;
        assert(expiresAt === null || expiresAt.getTime() > leastMs, "lasts longer than it takes to renew");
        return rest;
      });
      ids.add(made.remoteId);
    }
    assert.equal(ids.size, events.length, "each its own");
  },
  "subscribes for a person again and again, and removes what has gone": async (subject) => {
    const held = subscribed(subject, "person");
    if (held === null) return;
    const { ensure, remove } = held.subscription as PersonSubscription<unknown>;
    const consent = oauthConsents(subject.provider)[0]?.name ?? "key";
    const grant = heldGrant(subject, { consent });
    for (const step of [ensure, ensure, remove, remove]) {
      await step(held.access, grant, { url, signal: soon() });
    }
  },
  "tells the operator what to do by hand, with our address": async (subject) => {
    const held = subscribed(subject, "manual");
    if (held === null) return;
    const { steps, check } = held.subscription;
    assert(steps(url).some((step) => step.includes(url)));
    if (check === undefined || subject.subscriptionServer === undefined) return;
    assert(["active", "missing"].includes(await check(held.access, url, soon())));
  },
} as const satisfies Record<string, ProviderCase>;
