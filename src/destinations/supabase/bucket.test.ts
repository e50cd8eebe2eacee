/** The size limit of the bucket, and public buckets. */
import { describe, expect, it } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent, plainEvent } from "../conformance/events.ts";
import { DeliveryError } from "../destination.ts";
import { connect, noServer, open } from "./projects.ts";

describe.skipIf(noServer)("the bucket's sizes", () => {
  it("sends a link when the bucket takes less than it did when it was asked", async () => {
    const place = await open();
    const sender = connect(place.settings);
    await sender.deliver(dataEvent(), deadline());
    await place.sql.project("update storage.buckets set file_size_limit = 500");
    const event = dataEvent("sleep", [{ members: `"padding": "${"x".repeat(1_000)}"` }]);
    await sender.deliver(event, deadline());
    const [arrival] = (await place.arrivals()).filter(({ eventId }) => eventId === event.id);
    expect(JSON.parse(arrival?.json ?? "")).toMatchObject({ type: "s3_payload", event_id: event.id });
  });

  it("gives up an event that is too large also as a link, and no other", async () => {
    const place = await open();
    await place.sql.project("update storage.buckets set file_size_limit = 100");
    const sender = connect(place.settings);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject({
      code: "DELIVERY_TOO_LARGE",
      retry: "never",
    });
    const small = { ...plainEvent("auth"), body: Buffer.from("{}") };
    const outcomes = await sender.deliverBatch?.([dataEvent(), small], deadline());
    expect(outcomes?.map((outcome) => outcome instanceof DeliveryError)).toEqual([true, false]);
  });

  it("says so when everybody may read the bucket", async () => {
    const place = await open();
    await place.sql.project("update storage.buckets set public = true");
    expect((await connect(place.settings).check(deadline())).response).toMatch(/public/);
  });
});

describe.skipIf(noServer)("links to events in the bucket", () => {
  it("are signed addresses in the bucket", async () => {
    const place = await open();
    const event = dataEvent();
    const url = await connect(place.settings).share?.(event, 600, deadline());
    const answer = await fetch(url ?? "");
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(event.body);
    expect((await fetch(`${url}x`)).status).toBe(400);
  });
});
