/** The contents of a bucket of a real server, beyond the cases of the conformance suite. */
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised } from "../conformance/events.ts";
import { inFormat } from "../conformance/formed.ts";
import type { Settings } from "../conformance/target.ts";
import type { OutgoingEvent, Sender, SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import s3 from "./index.ts";
import { type BucketPlace, type BucketTarget, startTarget } from "./target.ts";

interface Given {
  readonly target: BucketTarget;
  readonly place: BucketPlace;
  connect(settings?: Settings, context?: SenderContext): Sender;
}

let target: BucketTarget | { readonly reason: string };
beforeAll(async () => {
  target = await startTarget();
}, bringUpMs);
afterAll(async () => {
  if (!("reason" in target)) await target.close();
});

/** Runs a test with a bucket of its own, and closes its senders afterwards. */
function inBucket(name: string, run: (given: Given) => Promise<void>): void {
  it(name, async ({ skip }) => {
    if ("reason" in target) return skip(target.reason);
    const place = await target.open(target.address);
    const senders: Sender[] = [];
    const connect = (settings: Settings = {}, context = openGuard): Sender => {
      const sender = s3.connect(parseSettings(s3, { ...place.settings, ...settings }), context);
      senders.push(sender);
      return sender;
    };
    await run({ target, place, connect });
    await Promise.all(senders.map((sender) => sender.close()));
    await place.close();
  });
}

const record = { naturalKey: "night ☾", startTime: "2025-10-01T23:00:00.000000+02:00" };
const keys = async ({ objects }: BucketPlace): Promise<string[]> => (await objects()).map(({ key }) => key);

describe("an object", () => {
  for (const [format, type] of [
    ["fhir", "sleep"],
    ["fit", "activity"],
  ] as const) {
    inBucket(`holds a record in ${format}, with its content type`, async ({ place, connect }) => {
      const event = await inFormat(dataEvent(type), format);
      await connect().deliver(event, deadline());
      const key = (await keys(place)).find((each) => !each.includes("/manifest/")) ?? "";
      expect(key.endsWith(event.form?.extension ?? "?")).toBe(true);
      const found = await place.owner.send(new GetObjectCommand({ Bucket: place.bucket, Key: key }));
      expect(found.ContentType).toBe(event.form?.contentType);
      expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(event.body);
    });
  }

  inBucket("stands at Terra's key and says what it is", async ({ place, connect }) => {
    const event = dataEvent("sleep", [{ ...record, revision: 4 }]);
    const receipt = await connect({ prefix: "systole/test/" }).deliver(event, deadline());
    const [object, ...others] = await place.objects();
    expect(others).toEqual([]);
    const key = `systole/test/2022-03-16/sleep/${event.userId}-2025-10-01T23:00:00+02:00.json`;
    expect(object).toMatchObject({ key, encoding: null });
    expect(object?.metadata).toEqual({
      revision: "4",
      naturalkey: "night%20%E2%98%BE",
      eventid: event.id,
      traceid: event.traceId,
      userid: event.userId,
      identity: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(receipt.response).toBe(`written ${key}`);
    const request = new GetObjectCommand({ Bucket: place.bucket, Key: key });
    expect((await place.owner.send(request)).ContentType).toBe("application/json");
  });

  inBucket("of an event without records has the event's time in its key", async ({ place, connect }) => {
    const userId = newUser();
    const moment = { userId, orderingTimestamp: Date.UTC(2026, 2, 12, 6, 0, 0, 123) };
    const [first, second] = [plainEvent("auth", moment), plainEvent("auth", moment)];
    const sender = connect();
    for (const event of [first, second, first, second]) await sender.deliver(event, deadline());
    const key = `2022-03-16/auth/${userId}-2026-03-12T06:00:00Z`;
    expect(await keys(place)).toEqual([`${key}-${second.id}.json`, `${key}.json`]);
  });

  inBucket("is compressed if that was chosen", async ({ place, connect }) => {
    const userId = "0-person";
    const events = ["gzip", "zstd"].map((naturalKey) =>
      revised("sleep", { ...record, naturalKey }, 1, userId),
    );
    for (const [index, compression] of (["gzip", "zstd"] as const).entries()) {
      const event = events[index] as OutgoingEvent;
      const sender = connect({ compression });
      for (const _ of [1, 2]) await sender.deliver(event, deadline());
    }
    const objects = await place.objects();
    expect(objects.map(({ key, encoding }) => [key.slice(-9), encoding])).toEqual([
      [expect.stringMatching(/\.json\.gz$/), "gzip"],
      [".json.zst", "zstd"],
    ]);
    expect(objects.map(({ json }) => json)).toEqual(events.map(({ body }) => body.toString("utf8")));
  });

  inBucket("of another record is left alone, wherever it came from", async ({ place, connect }) => {
    const userId = newUser();
    const key = `2022-03-16/sleep/${userId}-2025-10-01T23:00:00+02:00`;
    const foreign = { Bucket: place.bucket, Key: `${key}.json`, Body: "not ours" };
    await place.owner.send(new PutObjectCommand(foreign));
    const sender = connect();
    for (const revision of [1, 3, 2]) {
      await sender.deliver(revised("sleep", record, revision, userId), deadline());
    }
    const objects = await place.objects();
    expect(objects.map((each) => [each.key, each.revision])).toEqual([
      [`${key}-night%20%E2%98%BE.json`, 3],
      [`${key}.json`, null],
    ]);
    expect(objects[1]?.json).toBe("not ours");
  });

  inBucket(
    "whose metadata were lost at the last of its keys is ours all the same",
    async ({ place, connect }) => {
      const event = dataEvent("sleep", [record]);
      const sender = connect();
      for (const expected of ["", "-night", "~"]) {
        const { response = "" } = await sender.deliver(event, deadline());
        const key = response.replace("written ", "");
        expect(key).toContain(`+02:00${expected}`);
        await place.owner.send(new PutObjectCommand({ Bucket: place.bucket, Key: key, Body: "emptied" }));
      }
      const { response } = await sender.deliver(event, deadline());
      expect(response).toMatch(/^written .*~/);
      expect((await place.arrivals()).filter(({ eventId }) => eventId === event.id)).toHaveLength(1);
    },
  );

  inBucket("that other credentials put there is judged like our own", async ({ place, connect }) => {
    const userId = newUser();
    const [first, second, third] = [1, 2, 3].map((revision) => revised("sleep", record, revision, userId));
    const others = Object.values(place.lacking ?? {})[2];
    for (const [event, settings] of [
      [second, others],
      [first, {}],
      [third, {}],
      [second, others],
    ] as const) {
      if (event) await connect(settings).deliver(event, deadline());
    }
    expect((await place.arrivals()).map(({ revision }) => revision)).toEqual([3]);
  });

  inBucket("is written once by many who have the same news", async ({ place, connect }) => {
    const userId = newUser();
    const revisions = Array.from({ length: 16 }, (_, revision) => revised("sleep", record, revision, userId));
    const senders = [connect(), connect()];
    const deliveries = [...revisions, ...revisions].map((event, index) =>
      senders[index % 2]?.deliver(event, deadline()),
    );
    await Promise.all(deliveries);
    expect((await place.arrivals()).map(({ revision }) => revision)).toEqual([15]);
  });
});

describe("a bucket", () => {
  inBucket("that is not there is missed", async ({ connect }) => {
    const sender = connect({ bucket: "nobody-made-this-one" });
    const missing = { code: "DESTINATION_TARGET_MISSING", retry: "later", receipt: { status: 404 } };
    expect(await failure(sender.check(deadline()))).toMatchObject(missing);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(missing);
  });

  inBucket("without the right to read takes what is new and refuses to judge", async ({ place, connect }) => {
    const sender = connect(place.lacking?.["s3:GetObject"]);
    const event = dataEvent();
    await sender.deliver(event, deadline());
    expect(await failure(sender.deliver(event, deadline()))).toMatchObject({
      code: "DESTINATION_PERMISSION_MISSING",
      details: { reason: "s3:GetObject" },
      retry: "later",
    });
  });

  inBucket("without the right to delete takes deliveries", async ({ place, connect }) => {
    const userId = newUser();
    const sender = connect(place.lacking?.["s3:DeleteObject"]);
    for (const revision of [1, 2]) {
      await sender.deliver(revised("sleep", record, revision, userId), deadline());
    }
    expect((await place.arrivals()).map(({ revision }) => revision)).toEqual([2]);
  });
});

describe("a body that is shared", () => {
  inBucket("is plain, and can be fetched by whoever has the address", async ({ place, connect }) => {
    const event = dataEvent("sleep", [record, {}]);
    const sender = connect({ compression: "gzip", prefix: "a" });
    const url = (await sender.share?.(event, 600, deadline())) ?? "";
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(Buffer.from(await response.arrayBuffer()).equals(event.body)).toBe(true);
    expect(await keys(place)).toEqual([`a/2022-03-16/payloads/${event.id}.json`]);
    expect((await fetch(url.replace("X-Amz-Expires=600", "X-Amz-Expires=6000"))).status).toBe(403);
  });

  inBucket("is not promised for longer than a signature holds", async ({ connect }) => {
    const week = 7 * 24 * 3_600;
    expect(await connect().share?.(dataEvent(), week, deadline())).toContain(`X-Amz-Expires=${week}`);
    const longer = connect().share?.(dataEvent(), week + 1, deadline());
    expect((await failure(longer ?? Promise.resolve())).code).toBe("DELIVERY_FAILED");
  });
});

describe("the way to the server", () => {
  inBucket("is verified, with the authority that is given", async ({ target: { tls }, place, connect }) => {
    const endpoint = `https://127.0.0.1:${tls.port}`;
    const event = dataEvent();
    const strict = connect({ endpoint });
    expect(await failure(strict.deliver(event, deadline()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
      details: { reason: expect.stringMatching(/certificate/) },
    });
    expect(await place.arrivals()).toEqual([]);
    await connect({ endpoint, ca: tls.ca }).deliver(event, deadline());
    expect(await place.arrivals()).toHaveLength(1);
  });

  inBucket("leads to no address that the look-up refuses", async ({ target: { address }, connect }) => {
    const asked: string[] = [];
    const local: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      lookup("127.0.0.1", options, callback);
    };
    const endpoint = `http://s3.example:${address.port}`;
    await connect({ endpoint }, { ...openGuard, lookup: local }).check(deadline());
    expect(new Set(asked)).toEqual(new Set(["s3.example"]));
    // Only the look-up refuses this name, as any name for which a name server gives a private address.
    const guard = { ...createAddressGuard({ allowPrivate: false }), assertAddressAllowed: () => {} };
    const closed = connect({ endpoint: `http://localhost:${address.port}` }, guard);
    expect((await failure(closed.check(deadline()))).code).toBe("DESTINATION_ADDRESS_PRIVATE");
  });
});
