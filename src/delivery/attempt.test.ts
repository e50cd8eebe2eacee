import { describe, expect, it } from "vitest";
import { collectingLog } from "../../test/support/delivery.ts";
import { DeliveryError, type OutgoingEvent, type Sender } from "../destinations/destination.ts";
import { conversions } from "../export/conversions.ts";
import { eventBody } from "../store/events.ts";
import { compress } from "../store/zstd.ts";
import { type AttemptOptions, attemptDeliveries } from "./attempt.ts";
import { outcomeOf } from "./outcome.ts";
import { Reporter } from "./reporter.ts";
import type { ActiveDelivery } from "./senders.ts";

async function delivery(id: string, change: Partial<ActiveDelivery> = {}): Promise<ActiveDelivery> {
  const body = Buffer.from(JSON.stringify({ type: "daily", data: [{ id }] }));
  return {
    environment_id: "e",
    delivery_id: id,
    attempts: 0,
    event_id: id,
    destination_id: "d",
    type: "daily",
    user_id: "u",
    reference_id: null,
    records: [{ type: "daily", naturalKey: id, revision: 1 }],
    reference: "r",
    trace_id: "t",
    body: await compress(body),
    body_bytes: body.length,
    body_key: null,
    body_head: null,
    body_tail: null,
    created_at: new Date(0),
    ordinal: "1",
    ordered_by: null,
    older: [],
    destination: {
      kind: "k",
      settingsSealed: Buffer.alloc(0),
      revision: 1,
      active: true,
      format: "terra",
      whenUnsupported: "terra",
      birthDate: false,
      payload: "inline",
      linkDestinationId: null,
      linkExpiresSeconds: 600,
      failing: false,
    },
    ...change,
  };
}

function sender(change: Partial<Sender>): Sender {
  const unexpected = () => Promise.reject(new Error("not expected"));
  return { deliver: unexpected, check: unexpected, close: async () => {}, ...change };
}

const link = async () => ({ url: "https://example.com/1", expiresInSeconds: 600 });
const attempt = (
  deliveries: ActiveDelivery[],
  made: Sender,
  timeoutMs = 1_000,
  change: Partial<AttemptOptions> = {},
) =>
  attemptDeliveries(deliveries, {
    connect: async () => made,
    linkOf: link,
    formersOf: async () => [],
    bodyOf: (delivery) => eventBody({ read: async () => null }, delivery),
    converter: { convert: (kind, task) => conversions[kind](task) },
    exports: { fhirBase: "https://example.com/fhir" },
    timeoutMs,
    ending: new AbortController().signal,
    ...change,
  });

describe("an attempt with several deliveries", () => {
  it("returns a result for each delivery", async () => {
    const deliveries = await Promise.all(["a", "b", "c"].map((id) => delivery(id)));
    const given: string[] = [];
    const results = await attempt(
      deliveries,
      sender({
        async deliverBatch(events) {
          given.push(...events.map(({ id }) => id));
          return [
            { status: 200 },
            new DeliveryError("DELIVERY_REJECTED", "never", {}, { reason: "no" }),
            new DeliveryError("DELIVERY_FAILED", "later", { status: 503 }, { retryAfterMs: 7_000 }),
          ];
        },
      }),
    );
    expect(given).toEqual(["a", "b", "c"]);
    expect(results).toMatchObject([
      { failure: null, status: 200, batchSize: 3 },
      { failure: "never", code: "DELIVERY_REJECTED", response: "no" },
      { failure: "later", code: "DELIVERY_FAILED", status: 503, retryAfterMs: 7_000 },
    ]);
  });

  it("gives a common error to each of them", async () => {
    const deliveries = await Promise.all(["a", "b"].map((id) => delivery(id)));
    const away = () => Promise.reject(new DeliveryError("DELIVERY_FAILED", "later"));
    const results = await attempt(deliveries, sender({ deliverBatch: away }));
    expect(results.map(({ failure }) => failure)).toEqual(["later", "later"]);
    const hangs = () => new Promise<never>(() => {});
    const late = await attempt(deliveries, sender({ deliverBatch: hangs }), 50);
    expect(late.map(({ code }) => code)).toEqual(["DELIVERY_TIMEOUT", "DELIVERY_TIMEOUT"]);
  });

  it("leaves out a body that cannot be read, and sends the others", async () => {
    const deliveries = [
      await delivery("a"),
      await delivery("b", { body: Buffer.from("not zstd") }),
      await delivery("c"),
    ];
    const results = await attempt(
      deliveries,
      sender({ deliverBatch: async (events) => events.map(({ id }) => ({ response: id })) }),
    );
    expect(results).toMatchObject([
      { failure: null, response: "a" },
      { failure: "later", code: "INTERNAL" },
      { failure: null, response: "c" },
    ]);
  });

  it("retries a delivery for which the sender returned no result", async () => {
    const deliveries = await Promise.all(["a", "b"].map((id) => delivery(id)));
    const results = await attempt(deliveries, sender({ deliverBatch: async () => [{}] }));
    expect(results.map(({ failure, code }) => [failure, code])).toEqual([
      [null, null],
      ["later", "INTERNAL"],
    ]);
  });
});

describe("an attempt", () => {
  it("knows what was sent of each delivery, also when the time is up, and nothing of one that was not sent", async () => {
    const deliveries = await Promise.all(["a", "b"].map((id) => delivery(id)));
    const notes = (events: readonly OutgoingEvent[]): void =>
      events[0]?.noteSent({ method: "produce", target: "topic t", bytes: events[0].body.length });
    const made = sender({
      deliverBatch: (events) => {
        notes(events);
        return new Promise<never>(() => {});
      },
    });
    const bytes = deliveries[0]?.body_bytes;
    expect((await attempt(deliveries, made, 50)).map(({ request }) => request)).toEqual([
      { method: "produce", target: "topic t", headers: null, bytes },
      null,
    ]);
  });

  it("is delivered in spite of a problem beside it, and reports the problem", async () => {
    const reason = "views were not made";
    const aside = new DeliveryError("DESTINATION_LAYOUT_BEHIND", "later", {}, { reason });
    const taken = await delivery("a");
    const [result] = await attempt([taken], sender({ deliver: async () => ({ aside }) }));
    if (result === undefined) throw new Error("no result");
    expect(result).toMatchObject({ failure: null, code: "DESTINATION_LAYOUT_BEHIND", response: reason });
    const outcome = outcomeOf(taken, result, 0);
    expect(outcome.settlement).toMatchObject({ state: "delivered", code: null });
    expect(outcome.attempt).toMatchObject({ outcome: "delivered", response: reason });
    const { log, lines } = collectingLog();
    new Reporter(log, undefined).attempted(taken, result, outcome);
    expect(lines).toMatchObject([
      { level: "warn", outcome: "delivered", aside: "DESTINATION_LAYOUT_BEHIND" },
    ]);
    expect(JSON.stringify(lines)).not.toContain(reason);
  });

  it("sends a data event as a link if the destination wants links, and other events as they are", async () => {
    const bodies: unknown[] = [];
    const made = sender({
      async deliver({ body }: OutgoingEvent) {
        bodies.push(JSON.parse(body.toString("utf8")));
        return {};
      },
    });
    const { destination } = await delivery("a");
    const asLink = { destination: { ...destination, payload: "link" as const } };
    await attempt([await delivery("a", asLink)], made);
    await attempt([await delivery("b", { ...asLink, records: [] })], made);
    expect(bodies).toMatchObject([
      { type: "s3_payload", url: "https://example.com/1", expires_in: 600, payload_type: "daily" },
      { type: "daily", data: [{ id: "b" }] },
    ]);
  });

  const inFhir = async (id: string): Promise<ActiveDelivery> => {
    const { destination } = await delivery(id);
    return delivery(id, { destination: { ...destination, format: "fhir" } });
  };

  it("gives up a conversion when its time is up, or the process stops, and sends the others", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const converter: AttemptOptions["converter"] = {
      convert(_kind, _task, signal) {
        signals.push(signal);
        return new Promise<never>(() => {});
      },
    };
    const made = sender({ deliver: async ({ id }) => ({ response: id }) });
    const deliveries = [await inFhir("a"), await delivery("b")];
    expect(await attempt(deliveries, made, 50, { converter })).toMatchObject([
      { failure: "later", code: "DELIVERY_TIMEOUT", response: "not converted within 50 ms" },
      { failure: null, response: "b" },
    ]);
    const ending = new AbortController();
    const stopping: AttemptOptions["converter"] = {
      convert(...task) {
        queueMicrotask(() => ending.abort());
        return converter.convert(...task);
      },
    };
    for (let run = 1; run <= 2; run++) {
      const options = { converter: stopping, ending: ending.signal };
      const stopped = await attempt([await inFhir("a"), await delivery("b")], made, 60_000, options);
      expect(stopped.map(({ code }) => code)).toEqual(["DELIVERY_TIMEOUT", "DELIVERY_TIMEOUT"]);
      expect(stopped[0]?.response).toBe("Systole is stopping");
    }
    // The second time nothing began.
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  it("takes its time for the sending alone, and connects only where something is to be sent", async () => {
    let converted = 0;
    const converter: AttemptOptions["converter"] = {
      async convert(kind, task) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        converted = Date.now();
        return conversions[kind](task);
      },
    };
    const made = sender({ deliver: async () => ({}) });
    const [sent] = await attempt([await inFhir("a")], made, 60_000, { converter });
    expect(sent?.failure).toBeNull();
    expect(sent?.startedAt.getTime()).toBeGreaterThanOrEqual(converted);
    const connect = () => Promise.reject(new Error("no connection is needed"));
    const unreadable = await delivery("a", { body: Buffer.from("not zstd") });
    const [result] = await attempt([unreadable], made, 60_000, { connect });
    expect(result?.response).not.toContain("connection");
  });
});
