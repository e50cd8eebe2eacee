import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { zstdDecompressSync } from "node:zlib";
import { Storage } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { faultCases } from "../conformance/cases/faults.ts";
import { singly } from "../conformance/delivering.ts";
import { dataEvent } from "../conformance/events.ts";
import { FaultyProxy } from "../conformance/proxy.ts";
import { testDestination } from "../conformance/suite.ts";
import { endlessHttp, type Settings, type TargetBehaviour } from "../conformance/target.ts";
import type { Sender, SenderContext } from "../destination.ts";
import { readServiceAccount } from "../kit/google/service-account.ts";
import { parseSettings } from "../settings.ts";
import gcs from "./index.ts";
import { signedUrl } from "./sign.ts";
import { Accounts } from "./stand-in/accounts.ts";
import { type GcsPlace, type GcsTarget, startTarget, startTargetOnDisk } from "./target.ts";

const behaviour = {
  kind: "gcs",
  keeps: "newest",
  exact: "bytes",
  holds: "event",
  endless: endlessHttp,
  oversizeBytes: null,
} as const satisfies TargetBehaviour;

testDestination(behaviour, startTarget, {});

describe("Google Cloud Storage", () => {
  let target: GcsTarget | { readonly reason: string };
  beforeAll(async () => {
    target = await startTarget();
  }, bringUpMs);
  afterAll(async () => {
    if (!("reason" in target)) await target.close();
  });

  /** Runs a test with a place of its own, and closes its senders afterwards. */
  const withPlace = (name: string, run: (given: Given) => Promise<void>): void => {
    it(name, async ({ skip }) => {
      if ("reason" in target) return skip(target.reason);
      const place = await target.open(target.address);
      const senders: Sender[] = [];
      const connect = (settings: Settings = {}, context = openGuard): Sender => {
        const sender = gcs.connect(parseSettings(gcs, { ...place.settings, ...settings }), context);
        senders.push(sender);
        return sender;
      };
      await run({ target, place, connect });
      await Promise.all(senders.map((sender) => sender.close()));
    });
  };

  withPlace("asks for one token for many deliveries", async ({ target: { standIn }, connect }) => {
    const before = standIn.tokensGiven;
    const sender = connect();
    await Promise.all(Array.from({ length: 20 }, () => sender.deliver(dataEvent(), deadline())));
    expect(standIn.tokensGiven - before).toBe(1);
  });

  withPlace("gets over a token that was revoked", async ({ target: { standIn }, connect }) => {
    const [sender, event] = [connect(), dataEvent()];
    await sender.check(deadline());
    standIn.revokeTokens();
    expect(await failure(sender.deliver(event, deadline()))).toMatchObject({
      code: "DESTINATION_CREDENTIALS_REFUSED",
      retry: "later",
      receipt: { status: 401 },
    });
    await sender.deliver(event, deadline());
  });

  withPlace("names Google's reason for refusing a key", async ({ place, connect }) => {
    const key = JSON.parse(String(place.settings.service_account));
    const { private_key } = JSON.parse(new Accounts().unknownKey(key.token_uri));
    const forged = connect({ service_account: JSON.stringify({ ...key, private_key }) });
    const thrown = await failure(forged.check(deadline()));
    expect(thrown.code).toBe("DESTINATION_CREDENTIALS_REFUSED");
    expect(thrown.details.reason).toContain("Invalid JWT Signature.");
  });

  withPlace("misses a bucket that is not there", async ({ connect }) => {
    const sender = connect({ bucket: "nobody-made-this-one" });
    const missing = { code: "DESTINATION_TARGET_MISSING", retry: "later" };
    expect(await failure(sender.check(deadline()))).toMatchObject(missing);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(missing);
  });

  withPlace("describes the object in its metadata", async ({ place, connect }) => {
    const event = dataEvent("sleep", [{ naturalKey: "night ☾", revision: 4 }]);
    await connect({ prefix: "systole/test" }).deliver(event, deadline());
    const [[file]] = await place.bucket.getFiles({ prefix: "systole/test/2022-03-16/sleep/" });
    expect(file?.name.startsWith(`systole/test/2022-03-16/sleep/${event.userId}-`)).toBe(true);
    expect(file?.metadata).toMatchObject({
      contentType: "application/json",
      metadata: { eventid: event.id, revision: "4", naturalkey: "night%20%E2%98%BE" },
    });
  });

  withPlace("compresses with the encoding that it declares", async ({ place, connect }) => {
    const [one, other] = [dataEvent(), dataEvent()];
    await connect({ compression: "gzip" }).deliver(one, deadline());
    await connect({ compression: "zstd" }).deliver(other, deadline());
    const [files] = await place.bucket.getFiles({ prefix: "2022-03-16/sleep/" });
    expect(files.map(({ metadata }) => metadata.contentEncoding).sort()).toEqual(["gzip", "zstd"]);
    for (const file of files) {
      const [content] = await file.download();
      const isZstd = file.metadata.contentEncoding === "zstd";
      const plain = isZstd ? zstdDecompressSync(content) : content;
      expect(plain.equals(isZstd ? other.body : one.body)).toBe(true);
    }
  });

  withPlace("shares a body by an address that is signed and expires", async ({ connect }) => {
    const [sender, event] = [connect({ compression: "gzip" }), dataEvent()];
    // Signed with whole seconds: one that lives for one second may have a moment left.
    const url = (await sender.share?.(event, 3, deadline())) ?? "";
    const response = await fetch(url);
    expect(Buffer.from(await response.arrayBuffer()).equals(event.body)).toBe(true);
    const longer = url.replace("X-Goog-Expires=3&", "X-Goog-Expires=1000&");
    expect((await fetch(longer)).status).toBe(403);
    await waitFor("the address to expire", async () => (await fetch(url)).status === 400);
  });

  withPlace("ends an aborted request", async ({ target: { address }, place, connect }) => {
    const proxy = await FaultyProxy.start(address);
    const sender = connect({ endpoint: `http://127.0.0.1:${proxy.address.port}` });
    await sender.check(deadline());
    proxy.fail("stall");
    // More than the buffers on the way can hold.
    const large = dataEvent("sleep", [{ members: `"padding": "${"x".repeat(20_000_000)}"` }]);
    const thrown = await failure(sender.deliver(large, AbortSignal.timeout(200)));
    expect(thrown.code).toBe("DELIVERY_TIMEOUT");
    await proxy.pass();
    // What is sent later has arrived: so would have what was aborted.
    const later = dataEvent();
    await sender.deliver(later, deadline());
    expect((await place.arrivals()).map(({ eventId }) => eventId)).toEqual([later.id]);
    await proxy.close();
  });

  withPlace("connects to no address that the look-up refuses", async ({ target: { address }, connect }) => {
    const asked: string[] = [];
    const local: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      lookup("127.0.0.1", options, callback);
    };
    const context: SenderContext = { lookup: local, assertAddressAllowed: () => {} };
    const named = { endpoint: `http://storage.example:${address.port}` };
    await connect(named, context).check(deadline());
    expect(asked).toContain("storage.example");
    const refusing: LookupFunction = (hostname, _, callback) => callback(new Error(`not ${hostname}`), []);
    const refused = connect(named, { ...context, lookup: refusing });
    expect((await failure(refused.check(deadline()))).details.reason).toBe("not storage.example");
  });
});

it("loses nothing when the server is restarted under load", { timeout: bringUpMs }, async ({ skip }) => {
  const target = await startTargetOnDisk();
  if ("reason" in target) return skip(target.reason);
  const proxy = await FaultyProxy.start(target.address);
  const place = await target.open(proxy.address);
  const connect = () => gcs.connect(parseSettings(gcs, place.settings), openGuard);
  const { restart = null } = target;
  await faultCases["a server restarted under load loses nothing"]({
    behaviour,
    place,
    faults: proxy,
    formats: [],
    singly: singly(),
    batch: null,
    connect,
    secretsOf: () => [],
    elsewhere: async () => {},
    endless: () => Promise.reject(new Error("not for this case")),
    restart,
  });
  await proxy.close();
  await target.close();
});

interface Given {
  readonly target: GcsTarget;
  readonly place: GcsPlace;
  connect(settings?: Settings, context?: SenderContext): Sender;
}

describe("a signed address", () => {
  const account = readServiceAccount(new Accounts().unknownKey("https://oauth2.googleapis.com/token"));
  const endpoint = new URL("https://storage.googleapis.com");
  const bucket = "systole-test";

  it("is the one that Google's own client signs", async () => {
    const private_key = account.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const storage = new Storage({ credentials: { client_email: account.email, private_key } });
    const key = "a b/2022-03-16/sleep/u%3A1-2026-03-12T06:00:00+02:00~x@y.json";
    const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);
    const [theirs] = await storage
      .bucket(bucket)
      .file(key)
      .getSignedUrl({
        version: "v4",
        action: "read",
        accessibleAt: now,
        expires: now.getTime() + 600_000,
      });
    const ours = signedUrl(account, { endpoint, bucket, key }, 600, now);
    expect(new URL(ours).searchParams).toEqual(new URL(theirs).searchParams);
    expect(decodeURIComponent(new URL(ours).pathname)).toBe(decodeURIComponent(new URL(theirs).pathname));
  });

  it("is not made for longer than Google allows", () => {
    const sign = () => signedUrl(account, { endpoint, bucket, key: "a.json" }, 604_801, new Date());
    expect(sign).toThrow(expect.objectContaining({ code: "DELIVERY_FAILED" }));
  });
});
