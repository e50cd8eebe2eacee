import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { AccountSASPermissions, type BlobItem, BlobServiceClient } from "@azure/storage-blob";
import { beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, revised } from "../conformance/events.ts";
import { FaultyProxy } from "../conformance/proxy.ts";
import { testDestination } from "../conformance/suite.ts";
import { endlessHttp, type Settings } from "../conformance/target.ts";
import type { Sender, SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import azureBlob from "./index.ts";
import { type AzurePlace, type AzureTarget, leastPermissions, startTarget } from "./target.ts";

testDestination(
  {
    kind: "azure-blob",
    keeps: "newest",
    exact: "bytes",
    holds: "event",
    oversizeBytes: null,
    endless: endlessHttp,
  },
  startTarget,
  {
    "a server restarted under load loses nothing":
      "Azurite writes its list of blobs to disk every five seconds: a killed one forgets what it took",
  },
);

async function blobsOf({ container }: AzurePlace): Promise<BlobItem[]> {
  const blobs: BlobItem[] = [];
  for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
    if (!blob.name.includes("/manifest/")) blobs.push(blob);
  }
  return blobs;
}

interface Given {
  readonly target: AzureTarget;
  readonly place: AzurePlace;
  connect(settings?: Settings, context?: SenderContext): Sender;
}

describe("Azure Blob Storage", () => {
  let target: AzureTarget | { readonly reason: string };
  beforeAll(async () => {
    target = await startTarget();
  }, bringUpMs);

  /** Runs a test with a place of its own, and closes its senders afterwards. */
  const withPlace = (name: string, run: (given: Given) => Promise<void>): void => {
    it(name, async ({ skip }) => {
      if ("reason" in target) return skip(target.reason);
      const place = await target.open(target.address);
      const senders: Sender[] = [];
      const connect = (settings: Settings = {}, context = openGuard): Sender => {
        const all = { ...place.settings, ...settings };
        const sender = azureBlob.connect(parseSettings(azureBlob, all), context);
        senders.push(sender);
        return sender;
      };
      await run({ target, place, connect });
      await Promise.all(senders.map((sender) => sender.close()));
    });
  };

  withPlace("names the time at which a SAS expired", async ({ place, connect }) => {
    const [startsOn, expiresOn] = [new Date("2026-03-01T00:00:00Z"), new Date("2026-03-12T06:00:00Z")];
    const sender = connect({ sas_url: place.sasUrl("rw", { startsOn, expiresOn }) });
    for (const attempt of [sender.check(deadline()), sender.deliver(dataEvent(), deadline())]) {
      const thrown = await failure(attempt);
      expect(thrown).toMatchObject({ code: "DESTINATION_CREDENTIALS_REFUSED", retry: "later" });
      expect(thrown.details.reason).toMatch(/^the SAS expired at 2026-03-12T06:00:00Z; /);
    }
  });

  withPlace("names the time before which a SAS is not good", async ({ place, connect }) => {
    const tomorrow = {
      startsOn: new Date(Date.now() + 86_400_000),
      expiresOn: new Date(Date.now() + 90_000_000),
    };
    const thrown = await failure(connect({ sas_url: place.sasUrl("rw", tomorrow) }).check(deadline()));
    expect(thrown.code).toBe("DESTINATION_CREDENTIALS_REFUSED");
    expect(thrown.details.reason).toMatch(/^the SAS is not good before /);
  });

  withPlace("names the missing permission also when it replaces a blob", async ({ place, connect }) => {
    const event = dataEvent("sleep", [{ revision: 1 }]);
    await connect().deliver(event, deadline());
    const newer = { ...event, records: event.records.map((record) => ({ ...record, revision: 2 })) };
    const thrown = await failure(connect({ sas_url: place.sasUrl("rc") }).deliver(newer, deadline()));
    expect(thrown.code).toBe("DESTINATION_PERMISSION_MISSING");
    expect(thrown.details.reason).toMatch(/^w \(write\): /);
  });

  withPlace(
    "empties a blob that it may not remove when a record's start moves",
    async ({ place, connect }) => {
      const userId = newUser();
      const at = (startTime: string) => ({ naturalKey: "night", startTime });
      const former = revised("sleep", at("2025-10-01T23:00:00.000000+02:00"), 1, userId);
      const present = revised("sleep", at("2025-10-01T22:30:00.000000+02:00"), 2, userId);
      const sender = connect({ sas_url: place.sasUrl(leastPermissions) });
      for (const event of [former, present, former]) await sender.deliver(event, deadline());
      const bodies = (await place.arrivals()).map(({ json }) => JSON.parse(json));
      expect(bodies.map(({ data }) => data.length).sort()).toEqual([0, 1]);
      expect(bodies.find(({ data }) => data.length === 0)).toMatchObject({ type: "moved", revision: 2 });
    },
  );

  withPlace("misses a container that is not there", async ({ place, connect }) => {
    await place.container.delete();
    const sender = connect();
    const missing = { code: "DESTINATION_TARGET_MISSING", retry: "later" };
    expect(await failure(sender.check(deadline()))).toMatchObject(missing);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(missing);
  });

  withPlace("takes an account's SAS with a container's name", async ({ target, place, connect }) => {
    const { accountName, containerName, credential } = place.container;
    const base = `http://${target.address.host}:${target.address.port}/${accountName}`;
    const account = new BlobServiceClient(base, credential as never);
    const url = account.generateAccountSasUrl(undefined, AccountSASPermissions.parse("rw"), "o");
    const sender = connect({ sas_url: url, container: containerName });
    await sender.check(deadline());
    await sender.deliver(dataEvent(), deadline());
    expect(await place.arrivals()).toHaveLength(1);
  });

  withPlace("describes the blob in its metadata", async ({ place, connect }) => {
    const event = dataEvent("sleep", [{ naturalKey: "night ☾", revision: 4 }]);
    await connect({ prefix: "systole/test" }).deliver(event, deadline());
    const [blob] = await blobsOf(place);
    expect(blob?.name.startsWith(`systole/test/2022-03-16/sleep/${event.userId}-`)).toBe(true);
    expect(blob?.properties.contentType).toBe("application/json");
    expect(blob?.metadata).toMatchObject({
      eventid: event.id,
      revision: "4",
      naturalkey: "night%20%E2%98%BE",
    });
  });

  withPlace("compresses with the encoding that it declares", async ({ place, connect }) => {
    const [one, other] = [dataEvent(), dataEvent()];
    await connect({ compression: "gzip" }).deliver(one, deadline());
    await connect({ compression: "zstd" }).deliver(other, deadline());
    const blobs = await blobsOf(place);
    expect(blobs.map(({ properties }) => properties.contentEncoding).sort()).toEqual(["gzip", "zstd"]);
    for (const { name, properties } of blobs) {
      const content = await place.container.getBlobClient(name).downloadToBuffer();
      const isZstd = properties.contentEncoding === "zstd";
      const plain = isZstd ? zstdDecompressSync(content) : gunzipSync(content);
      expect(plain.equals(isZstd ? other.body : one.body)).toBe(true);
    }
  });

  withPlace("hands out no addresses: it could not narrow the SAS", async ({ connect }) => {
    expect(connect().share).toBeUndefined();
  });

  withPlace("does not take another's lease for a conflict", async ({ place, connect }) => {
    const event = dataEvent("sleep", [{ revision: 1 }]);
    await connect().deliver(event, deadline());
    const [blob] = await blobsOf(place);
    await place.container
      .getBlobClient(blob?.name ?? "")
      .getBlobLeaseClient()
      .acquireLease(15);
    const newer = { ...event, records: event.records.map((record) => ({ ...record, revision: 2 })) };
    const thrown = await failure(connect().deliver(newer, deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    expect(thrown.details.reason).toMatch(/^LeaseIdMissing/);
  });

  withPlace("ends an aborted request", async ({ target: { address }, place, connect }) => {
    const proxy = await FaultyProxy.start(address);
    const url = new URL(place.sasUrl("rw"));
    url.port = String(proxy.address.port);
    const sender = connect({ sas_url: url.href });
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

  withPlace("connects to no address that the look-up refuses", async ({ place, connect }) => {
    const asked: string[] = [];
    const local: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      lookup("127.0.0.1", options, callback);
    };
    const context: SenderContext = { lookup: local, assertAddressAllowed: () => {} };
    const url = new URL(place.sasUrl("rw"));
    url.hostname = "azurite";
    await connect({ sas_url: url.href }, context).check(deadline());
    expect(asked).toContain("azurite");
    const refusing: LookupFunction = (hostname, _, callback) => callback(new Error(`not ${hostname}`), []);
    const refused = connect({ sas_url: url.href }, { ...context, lookup: refusing });
    expect((await failure(refused.check(deadline()))).details.reason).toBe("not azurite");
  });
});
