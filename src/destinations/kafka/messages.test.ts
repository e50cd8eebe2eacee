/** The parts of a message, and messages that are too large, against the real broker. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KafkaFacts, recipe } from "../../../test/servers/kafka.ts";
import { isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, linkOf, newUser, plainEvent, type TestEvent } from "../conformance/events.ts";
import { inFormat } from "../conformance/formed.ts";
import { DeliveryError, type Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import { KafkaAdmin } from "./admin.fixture.ts";
import kafka from "./index.ts";
import { batchOverhead, messageOf } from "./message.ts";

const found = await useServer(recipe);

describe.skipIf(isUnavailable(found))("messages in Kafka", () => {
  const { ports, facts } = found as RunningServer<KafkaFacts>;
  let admin: KafkaAdmin;
  const senders: Sender[] = [];
  const topics: string[] = [];

  beforeAll(() => {
    admin = new KafkaAdmin(found as RunningServer<KafkaFacts>);
  });
  afterAll(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    for (const topic of topics) await admin.deleteTopic(topic);
    await admin.close();
  });

  async function newTopic(configs: Record<string, string> = {}, partitions = 3): Promise<string> {
    const topic = `messages-${randomUUID()}`;
    await admin.createTopic(topic, configs, partitions);
    topics.push(topic);
    return topic;
  }

  /** A user with all permissions, so that limits can be read. */
  function connect(topic: string, given: Record<string, unknown> = {}): Sender {
    const base = { brokers: `127.0.0.1:${ports.admin}`, mechanism: "none", tls: false, topic };
    const sender = kafka.connect(parseSettings(kafka, { ...base, ...given }), openGuard);
    senders.push(sender);
    return sender;
  }

  /** A user who may only write, so that limits cannot be read. */
  async function connectAsWriter(topic: string): Promise<Sender> {
    const login = await admin.newUser("scram-sha-256", { [topic]: ["WRITE"] });
    return connect(topic, { ...login, brokers: `127.0.0.1:${ports.direct}`, tls: true, ca: facts.ca });
  }

  const batch = async (sender: Sender, events: readonly TestEvent[]) =>
    (await sender.deliverBatch?.(events, deadline())) ?? [];
  const taken = async (sender: Sender, events: readonly TestEvent[]): Promise<void> => {
    expect((await batch(sender, events)).filter((one) => one instanceof DeliveryError)).toEqual([]);
  };
  const ofSize = (bytes: number, userId = newUser()): TestEvent =>
    dataEvent("sleep", [{ members: `"padding": "${"x".repeat(bytes)}"` }], { userId });

  it("are keyed by the person, carry the body as it is and the ids as headers", async () => {
    const topic = await newTopic();
    const event = dataEvent("sleep", [{ revision: 7 }], { referenceId: "näme \u0000 \u{1f600}" });
    const before = Date.now();
    const receipt = await connect(topic).deliver(event, deadline());
    const [message] = await admin.read(topic);
    expect(message).toMatchObject({ key: event.userId, value: String(event.body) });
    expect(receipt.response).toBe(`${topic}-${message?.partition}@0`);
    expect(message?.headers).toEqual({
      event_id: event.id,
      event_type: "sleep",
      user_id: event.userId,
      reference_id: event.referenceId,
      terra_reference: event.reference,
      trace_id: event.traceId,
      ordering_timestamp: String(event.orderingTimestamp),
      revision: "7",
      "content-type": "application/json",
    });
    // An old event that is replayed must outlive the topic's retention as a new one does.
    expect(Number(message?.timestamp)).toBeGreaterThanOrEqual(before);
  });

  it("carry FHIR and FIT byte for byte, with their content type", async () => {
    const topic = await newTopic({}, 1);
    const fhir = await inFormat(dataEvent("sleep"), "fhir");
    const fit = await inFormat(dataEvent("activity"), "fit");
    await taken(connect(topic), [fhir, fit]);
    const messages = await admin.read(topic);
    expect(messages.map(({ headers }) => headers["content-type"])).toEqual([
      "application/fhir+json",
      "application/vnd.ant.fit",
    ]);
    expect(messages[0]?.value).toBe(String(fhir.body));
    expect(messageOf(fit, topic).record.value).toEqual(fit.body);
  });

  it("of nobody are keyed by their type; what the event has not is no header", async () => {
    const topic = await newTopic();
    await connect(topic).deliver(plainEvent("auth", { userId: null, referenceId: null }), deadline());
    const [message] = await admin.read(topic);
    expect(message?.key).toBe("auth");
    for (const name of ["user_id", "reference_id", "revision"])
      expect(message?.headers).not.toHaveProperty(name);
  });

  it("of one person keep their order, in one partition", async () => {
    const topic = await newTopic({}, 6);
    const people = Array.from({ length: 100 }, newUser);
    const events = Array.from({ length: 10 }, () =>
      people.map((userId) => dataEvent("sleep", [{}], { userId })),
    );
    const sender = connect(topic);
    for (const turn of events)
      await taken(sender, [...turn, ...turn.map(({ userId }) => plainEvent("auth", { userId }))]);
    const messages = await admin.read(topic);
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(6);
    for (const userId of people) {
      const own = messages.filter(({ key }) => key === userId);
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      const types = own.map(({ headers }) => headers.event_type);
      expect(types).toEqual(Array.from({ length: 10 }, () => ["sleep", "auth"]).flat());
    }
  });

  it.each(["gzip", "zstd"])("are the same compressed with %s", async (compression) => {
    const topic = await newTopic();
    const events = [ofSize(5_000), dataEvent(), ofSize(100_000)];
    await taken(connect(topic, { compression }), events);
    const values = (await admin.read(topic)).map(({ value }) => value).sort();
    expect(values).toEqual(events.map(({ body }) => String(body)).sort());
  });

  describe("that are too large", () => {
    const isLink = (value = ""): boolean => JSON.parse(value).type === "s3_payload";

    it("for the topic's own limit become links", async () => {
      const topic = await newTopic({ "max.message.bytes": "6000" });
      const [large, small] = [ofSize(6_000), dataEvent()];
      await taken(connect(topic), [large, small]);
      const byId = new Map((await admin.read(topic)).map((message) => [message.headers.event_id, message]));
      expect(byId.get(small.id)?.value).toBe(String(small.body));
      const link = byId.get(large.id);
      expect(JSON.parse(link?.value ?? "")).toMatchObject({ type: "s3_payload", url: linkOf(large.id) });
      expect(link).toMatchObject({ key: large.userId, headers: { event_type: "sleep", revision: "1" } });
    });

    it("for the limit in the settings become links, whatever the topic's", async () => {
      const topic = await newTopic();
      await connect(topic, { max_message_bytes: 6_000 }).deliver(ofSize(6_000), deadline());
      expect(isLink((await admin.read(topic))[0]?.value)).toBe(true);
    });

    it("are counted as the broker counts: what we let pass, it takes", async () => {
      const limit = 20_000;
      const topic = await newTopic({ "max.message.bytes": String(limit) });
      const empty = messageOf(ofSize(0), topic);
      const just = ofSize(limit - empty.bytes - batchOverhead);
      const over = ofSize(limit - empty.bytes - batchOverhead + 1);
      const sender = connect(topic);
      for (const event of [just, over]) await sender.deliver(event, deadline());
      const byId = new Map((await admin.read(topic)).map((message) => [message.headers.event_id, message]));
      expect(byId.get(just.id)?.value).toBe(String(just.body));
      expect(isLink(byId.get(over.id)?.value)).toBe(true);
    });

    it("together go in several requests, in order", async () => {
      const topic = await newTopic({ "max.message.bytes": "20000" }, 1);
      const events = Array.from({ length: 40 }, () => ofSize(2_000));
      await taken(connect(topic), events);
      expect((await admin.read(topic)).map(({ headers }) => headers.event_id)).toEqual(
        events.map(({ id }) => id),
      );
    });

    it("for a limit that we were not told are refused for good, and harm no other", async () => {
      const topic = await newTopic({ "max.message.bytes": "20000" }, 1);
      const events = [...Array.from({ length: 30 }, () => ofSize(1_000)), ofSize(30_000), dataEvent()];
      const outcomes = await batch(await connectAsWriter(topic), events);
      expect(outcomes.map((one) => one instanceof DeliveryError && one.code)).toEqual(
        events.map((_, index) => index === 30 && "DELIVERY_TOO_LARGE"),
      );
      expect((await admin.read(topic)).map(({ headers }) => headers.event_id)).toEqual(
        events.filter((_, index) => index !== 30).map(({ id }) => id),
      );
    });

    it("since the limit was lowered become links", async () => {
      const topic = await newTopic();
      const sender = connect(topic);
      await sender.deliver(ofSize(30_000), deadline());
      await admin.configure(topic, "max.message.bytes", "20000");
      // The broker needs a moment; a sender that cannot read limits notices.
      const writer = await connectAsWriter(topic);
      const refusal = () => writer.deliver(ofSize(30_000), deadline()).catch(({ code }) => code);
      await expect.poll(refusal).toBe("DELIVERY_TOO_LARGE");
      const event = ofSize(30_000);
      await sender.deliver(event, deadline());
      const arrived = (await admin.read(topic)).find(({ headers }) => headers.event_id === event.id);
      expect(isLink(arrived?.value)).toBe(true);
    });

    it("as links too are refused for good before anything is sent", async () => {
      const topic = await newTopic({ "max.message.bytes": "2048" });
      const event = { ...ofSize(3_000), referenceId: "x".repeat(3_000) };
      const thrown = await failure(connect(topic).deliver(event, deadline()));
      expect(thrown).toMatchObject({ code: "DELIVERY_TOO_LARGE", retry: "never" });
    });
  });

  it("go to a topic that a check has proven and not made", async () => {
    const topic = `messages-${randomUUID()}`;
    const sender = connect(topic);
    expect((await sender.check(deadline())).response).toBe(`topic ${topic} will be made`);
    expect(await admin.topics()).not.toContain(topic);
    await sender.deliver(dataEvent(), deadline());
    topics.push(topic);
    expect((await sender.check(deadline())).response).toBe(`topic ${topic}, 6 partitions`);
  });

  it("wait while a broker that knows the topic may not make it", async () => {
    const thrown = await failure(
      (await connectAsWriter(`missing-${randomUUID()}`)).deliver(dataEvent(), deadline()),
    );
    expect(thrown).toMatchObject({ code: "DESTINATION_PERMISSION_MISSING", retry: "later" });
    expect(thrown.details.reason).toMatch(/^CREATE on topic missing-/);
  });
});
