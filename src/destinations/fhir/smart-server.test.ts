/** SMART Backend Services with a HAPI server: its token endpoint checks assertions with a JOSE library of others. */
import {
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { asSent } from "../conformance/formed.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import kind from "./index.ts";
import { type FhirPlace, type FhirTarget, startTarget } from "./target.ts";

let target: FhirTarget | { readonly reason: string };
let place: FhirPlace;
const senders: Sender[] = [];

beforeAll(async () => {
  target = await startTarget();
  if (!("reason" in target)) place = await target.open(target.address);
}, bringUpMs);
afterAll(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  if (!("reason" in target)) await target.close();
});

const newKey = {
  ES384: () => generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey,
  RS384: () => generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey,
};

interface Client {
  readonly id: string;
  readonly key: KeyObject;
}

/** A client whose public key the token endpoint has under the id `key-1`. */
async function newClient(server: FhirTarget, algorithm: keyof typeof newKey): Promise<Client> {
  const client = { id: randomUUID(), key: newKey[algorithm]() };
  const known = createPublicKey(client.key).export({ format: "jwk" });
  await server.registerClient(client.id, [{ ...known, kid: "key-1" } satisfies JsonWebKey]);
  return client;
}

function connect({ tokenUrl }: FhirTarget, { id, key }: Client, more: object = {}): Sender {
  const settings = {
    base_url: place.settings.base_url,
    authorization: "smart",
    token_url: tokenUrl,
    client_id: id,
    private_key: key.export({ format: "pem", type: "pkcs8" }).toString(),
    key_id: "key-1",
    ...more,
  };
  const sender = kind.connect(parseSettings(kind, settings) as Parameters<typeof kind.connect>[0], openGuard);
  senders.push(sender);
  return sender;
}

describe("a HAPI server behind SMART Backend Services", () => {
  it.for(["ES384", "RS384"] as const)(
    "takes what a client sends that signs by %s",
    async (algorithm, context) => {
      if ("reason" in target) return context.skip(target.reason);
      const sender = connect(target, await newClient(target, algorithm));
      await sender.check(deadline());
      const before = (await place.arrivals()).length;
      await sender.deliver(await asSent(dataEvent("daily"), "fhir"), deadline());
      expect(await place.arrivals()).toHaveLength(before + 1);
    },
  );

  it("whose tokens are revoked before their time is asked for another one", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const client = await newClient(target, "ES384");
    const sender = connect(target, client);
    await sender.check(deadline());
    await target.revokeTokens(client.id);
    await sender.check(deadline());
  });

  it.for([
    ["signs by a key that is not registered", { key: newKey.ES384() }, {}, "the signature is by no key"],
    ["names another key than it signs by", {}, { key_id: "key-2" }, "the signature is by no key"],
    ["is not registered", { id: "nobody" }, {}, "the signature is by no key"],
    ["asks for a scope that it may not have", {}, { scope: "system/Encounter.cruds" }, "invalid_scope"],
  ] as const)("refuses a client that %s", async ([, other, settings, words], context) => {
    if ("reason" in target) return context.skip(target.reason);
    const sender = connect(target, { ...(await newClient(target, "ES384")), ...other }, settings);
    const thrown = await failure(sender.check(deadline()));
    expect(thrown).toMatchObject({ code: "DESTINATION_CREDENTIALS_REFUSED", retry: "later" });
    expect(thrown.details.reason).toContain(words);
  });

  it("does not take a key of one client from another", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const [one, another] = [await newClient(target, "RS384"), await newClient(target, "RS384")];
    const thrown = await failure(connect(target, { id: one.id, key: another.key }).check(deadline()));
    expect(thrown.code).toBe("DESTINATION_CREDENTIALS_REFUSED");
  });
});
