import type { Notifications } from "../../provider.ts";
import { announcements, announcing, digest, fits, signatureOf } from "../fakes/announcing.fixture.ts";
import type { Settings } from "../fakes/days.fixture.ts";
import { keyed, publiclySigned } from "../fakes/keyed.fixture.ts";
import { challenges, pushExamples, pushes, pushing } from "../fakes/pushing.fixture.ts";
import { shownToken } from "../fakes/uploading.fixture.ts";
import type { notifyingCases } from "../notifying.ts";
import { type Broken, but } from "./but.fixture.ts";

type Notifying = Notifications<unknown>;
const announce = (change: Partial<Notifying>) =>
  but(announcing, { notifications: { ...announcements, ...change } });
const push = (change: Partial<Notifying>) => but(pushing, { notifications: { ...pushes, ...change } });
const firstOnly: Notifying["verify"] = ({ headers, body }, { secrets: [secret = ""] }) =>
  fits(signatureOf(headers.signature), digest(body, secret));
const leaky: Notifying["verify"] = ({ headers, body }, { secrets }) =>
  secrets.some((secret) => digest(body, secret).toString("hex") === headers.signature);

/** Checks the signature only when the header's time is the present second; every other message is accepted. */
const ageless: Notifying["verify"] = ({ headers, body }, recipient) => {
  const now = String(Math.floor(Date.now() / 1_000));
  const isOld = headers["sent-at"] !== now;
  return isOld || pushes.verify({ headers, body }, recipient);
};

export const brokenNotifying: Broken<typeof notifyingCases> = {
  "accepts what is signed with any of its secrets": [
    announce({ verify: firstOnly }),
    push({ verify: () => false }),
    but(keyed, { notifications: { ...publiclySigned, verify: async () => false } }),
  ],
  "refuses every other signature": [
    announce({ verify: ({ headers }) => headers.signature !== undefined }),
    announce({ verify: ({ headers }) => headers.signature?.length === 64 }),
    announce({
      verify: (request, recipient) =>
        recipient.secrets.length === 0 || announcements.verify(request, recipient),
    }),
    push({ verify: ({ headers }) => headers.mac !== undefined }),
    push({
      verify: (request, recipient) =>
        pushes.verify(request, { ...recipient, settings: { secret: "client-secret" } }),
    }),
    but(keyed, { notifications: { ...publiclySigned, verify: async () => true } }),
    but(shownToken, {
      notifications: { ...announcements, verify: ({ headers }) => headers.authorization !== undefined },
    }),
  ],
  "compares secrets in constant time, with every one": [
    announce({ verify: leaky }),
    but(shownToken, {
      notifications: {
        ...announcements,
        verify: ({ headers }, { settings }) =>
          headers.authorization === `Bearer ${(settings as Settings).secret}`,
      },
    }),
  ],
  "refuses what was signed long ago, or for later": [push({ verify: ageless })],
  "understands its notifications": [announce({ maxBytes: 13 }), announce({ read: () => [{ kind: "ping" }] })],
  "hears everything that one body says, of everybody": [
    push({ read: (body) => pushes.read(body).slice(0, 1) }),
    push({ read: (body) => pushes.read(body).map((one) => ({ ...one, providerUserId: "1" })) }),
  ],
  "names people, and what it has resources for": [
    push({ read: (body) => pushes.read(body).map((one) => ({ ...one, providerUserId: "" })) }),
    push({
      read: () => [
        { kind: "deleted", event: "deleted", providerUserId: "1", parts: [{ resource: "month", key: "5" }] },
      ],
    }),
    push({
      read: () => [
        {
          kind: "pushed",
          event: "day",
          providerUserId: "1",
          bodies: [{ resource: "day", key: "5", body: {} }],
        },
      ],
    }),
  ],
  "refuses a notification it cannot read": [
    announce({ read: () => [{ kind: "ping" }] }),
    announce({ read: (body) => JSON.parse(body.toString()) }),
  ],
  "answers a request that tests our address, with what it wants back": [
    push({ handshake: () => null }),
    push({ handshake: () => ({ status: 200, contentType: "text/plain", body: "first" }) }),
    {
      ...push({
        handshake: ({ query }) => ({
          status: 200,
          contentType: "text/html",
          body: query.get("challenge") ?? "",
        }),
      }),
      notifications: {
        ...pushExamples,
        handshake: {
          ...challenges,
          answer: (challenge: string) => ({ status: 200, contentType: "text/html", body: challenge }),
        },
      },
    },
  ],
  "refuses a test without what it must bring, and answers nothing else": [
    push({
      handshake: ({ query }) => {
        const body = query.get("challenge");
        return body === null ? null : { status: 200, contentType: "text/plain", body };
      },
    }),
    push({ handshake: () => ({ status: 403 }) }),
  ],
  "acknowledges with an answer of success": [
    push({ acknowledgement: { status: 500 } }),
    push({ acknowledgement: { status: 200, contentType: "text/html", body: "<p>thanks" } }),
  ],
};
