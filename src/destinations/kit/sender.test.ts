import { describe, expect, it } from "vitest";
import { dataEvent } from "../conformance/events.ts";
import { type BatchedDelivery, DeliveryError, type OutgoingEvent, type Sender } from "../destination.ts";
import { openSender } from "./sender.ts";

const deadline = (): AbortSignal => AbortSignal.timeout(5_000);
const noCheck = async () => ({});
const never = (): Promise<never> => new Promise(() => {});

const delivering = (deliver: Sender["deliver"], close = async (): Promise<void> => {}): Sender =>
  openSender({ deliver, check: noCheck, close });

const thrownBy = (sender: Sender, signal = deadline()): Promise<unknown> =>
  sender.deliver(dataEvent(), signal).then(
    () => null,
    (error: unknown) => error,
  );

describe("a sender of the kit", () => {
  it("ends a call that does not listen to its signal", async () => {
    const aborted = new AbortController();
    const thrown = thrownBy(delivering(never), aborted.signal);
    aborted.abort(new Error("time is up"));
    const details = { reason: "time is up" };
    expect(await thrown).toMatchObject({ code: "DELIVERY_TIMEOUT", retry: "later", details });
  });

  it("does not begin a call whose signal is aborted", async () => {
    let begun = 0;
    const sender = delivering(async () => ({ status: ++begun }));
    expect(await thrownBy(sender, AbortSignal.abort())).toMatchObject({ code: "DELIVERY_TIMEOUT" });
    expect(begun).toBe(0);
  });

  it("throws nothing but DeliveryErrors, also those that a client has wrapped", async () => {
    const gone = new DeliveryError("DELIVERY_GONE", "disable");
    const wrapped = new TypeError("fetch failed", { cause: new AggregateError([gone]) });
    expect(await thrownBy(delivering(() => Promise.reject(wrapped)))).toBe(gone);
    const broken = new AggregateError([new Error("one address"), new Error("the other")]);
    expect(await thrownBy(delivering(() => Promise.reject(broken)))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
      details: { reason: "one address; the other" },
      cause: broken,
    });
    const slow = Object.assign(new Error("no headers"), { code: "UND_ERR_HEADERS_TIMEOUT" });
    expect(await thrownBy(delivering(() => Promise.reject(slow)))).toMatchObject({
      code: "DELIVERY_TIMEOUT",
    });
  });

  it("closes once, when the calls under way are over, and takes none afterwards", async () => {
    const answer = Promise.withResolvers<{ status: number }>();
    const happened: string[] = [];
    const sender = delivering(
      () => answer.promise.finally(() => happened.push("delivered")),
      async () => void happened.push("closed"),
    );
    const delivered = sender.deliver(dataEvent(), deadline());
    const closed = [sender.close(), sender.close()];
    const refused = { code: "DELIVERY_FAILED", details: { reason: "the sender is closed" } };
    expect(await thrownBy(sender)).toMatchObject(refused);
    answer.resolve({ status: 200 });
    await Promise.all(closed);
    expect(await delivered).toEqual({ status: 200 });
    expect(happened).toEqual(["delivered", "closed"]);
  });

  it("delivers one event as a batch of one", async () => {
    const refused = new DeliveryError("DELIVERY_REJECTED", "never");
    const outcomeOf = ({ type }: OutgoingEvent): BatchedDelivery =>
      type === "sleep" ? { status: 1 } : refused;
    const deliverBatch = async (events: readonly OutgoingEvent[]) => events.map(outcomeOf);
    const sender = openSender({ deliverBatch, check: noCheck, close: async () => {} });
    expect(await sender.deliver(dataEvent("sleep"), deadline())).toEqual({ status: 1 });
    await expect(sender.deliver(dataEvent("body"), deadline())).rejects.toBe(refused);
    expect(await sender.deliverBatch?.([dataEvent("body")], deadline())).toEqual([refused]);
  });
});
