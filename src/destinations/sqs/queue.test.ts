/** The parts of a message, FIFO queues, and limits, against fauxqs. */
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { type FauxqsFacts, recipe } from "../../../test/servers/fauxqs.ts";
import { isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, linkOf, newUser, plainEvent, type TestEvent } from "../conformance/events.ts";
import { inFormat } from "../conformance/formed.ts";
import { DeliveryError, type Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import sqs from "./index.ts";
import { messageOf } from "./message.ts";
import { type FoundMessage, makeQueue, queueContent, type TestQueue } from "./target.ts";

const found = await useServer(recipe);
const anybody = { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "secret" };

describe.skipIf(isUnavailable(found))("messages in SQS", () => {
  const { facts } = found as RunningServer<FauxqsFacts>;
  const [queues, senders]: [TestQueue[], Sender[]] = [[], []];

  afterAll(async () => {
    await Promise.all([...senders.map((sender) => sender.close()), ...queues.map((queue) => queue.remove())]);
  });

  async function newQueue(attributes: Parameters<typeof makeQueue>[2] = {}): Promise<TestQueue> {
    const queue = await makeQueue(facts.url, anybody, attributes);
    queues.push(queue);
    return queue;
  }

  const settingsOf = (queue: TestQueue, given: Record<string, unknown> = {}) =>
    parseSettings(sqs, { queue_url: queue.url, region: "us-east-1", ...anybody, ...given });

  function connect(queue: TestQueue, given: Record<string, unknown> = {}): Sender {
    const sender = sqs.connect(settingsOf(queue, given), openGuard);
    senders.push(sender);
    return sender;
  }

  const content = ({ name }: TestQueue): Promise<FoundMessage[]> => queueContent(facts.url, name);
  const batch = async (sender: Sender, events: readonly TestEvent[]) =>
    (await sender.deliverBatch?.(events, deadline())) ?? [];
  const ofSize = (bytes: number, userId = newUser()): TestEvent =>
    dataEvent("sleep", [{ members: `"padding": "${"x".repeat(bytes)}"` }], { userId });
  const idOf = ({ messageAttributes }: FoundMessage) => messageAttributes.event_id?.StringValue;
  const isLink = (message: FoundMessage | undefined) =>
    JSON.parse(message?.body ?? "{}").type === "s3_payload";

  it("carry FHIR as it is and FIT in base64, and say so", async () => {
    const queue = await newQueue();
    const fhir = await inFormat(dataEvent("sleep"), "fhir");
    const fit = await inFormat(dataEvent("activity"), "fit");
    for (const event of [fhir, fit]) await connect(queue).deliver(event, deadline());
    const messages = await content(queue);
    const of = (event: { readonly id: string }) => messages.find((message) => idOf(message) === event.id);
    expect(of(fhir)?.body).toBe(String(fhir.body));
    expect(Buffer.from(of(fit)?.body ?? "", "base64")).toEqual(fit.body);
    const attribute = (event: { readonly id: string }, name: string) =>
      of(event)?.messageAttributes[name]?.StringValue;
    expect(attribute(fhir, "content_type")).toBe("application/fhir+json");
    expect(attribute(fhir, "content_transfer_encoding")).toBeUndefined();
    expect(attribute(fit, "content_type")).toBe("application/vnd.ant.fit");
    expect(attribute(fit, "content_transfer_encoding")).toBe("base64");
    expect(Object.keys(of(fit)?.messageAttributes ?? {}).length).toBeLessThanOrEqual(10);
  });

  it("carry the body as it is and the ids as attributes", async () => {
    const queue = await newQueue();
    const event = dataEvent("sleep", [{ revision: 7 }]);
    const receipt = await connect(queue).deliver(event, deadline());
    const [message] = await content(queue);
    expect(message?.body).toBe(String(event.body));
    const text = (StringValue: unknown) => ({ DataType: "String", StringValue });
    expect(message?.messageAttributes).toEqual({
      event_id: text(event.id),
      event_type: text("sleep"),
      user_id: text(event.userId),
      reference_id: text("person-1"),
      terra_reference: text(event.reference),
      trace_id: text(event.traceId),
      ordering_timestamp: { DataType: "Number", StringValue: String(event.orderingTimestamp) },
      revision: { DataType: "Number", StringValue: "7" },
    });
    expect(receipt).toMatchObject({ status: 200, response: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it("carry text that SQS takes in no string as its bytes, and nothing for nothing", async () => {
    const queue = await newQueue();
    const texts = ["näme \u{1f600}", "a\u0000b", "\uffff", "\u001f", ""];
    await batch(
      connect(queue),
      texts.map((referenceId) => plainEvent("auth", { referenceId })),
    );
    const kept = (await content(queue)).map(({ messageAttributes: { reference_id: kept } }) =>
      kept?.DataType === "Binary"
        ? Buffer.from(String(kept.BinaryValue), "base64").toString()
        : kept?.StringValue,
    );
    expect(kept).toEqual([...texts.slice(0, -1), undefined]);
  });

  it("spell the two characters that SQS refuses as escapes, and leave every other byte", async () => {
    const queue = await newQueue();
    const event = dataEvent("sleep", [{ members: `"odd": "\ufffe é \uffff \u{1f600} \u007f\u0085\u2028"` }]);
    await connect(queue).deliver(event, deadline());
    const [message] = await content(queue);
    const escaped = String(event.body).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff");
    expect(message?.body).toBe(escaped);
    expect(JSON.parse(message?.body ?? "")).toEqual(JSON.parse(String(event.body)));
  });

  it("that the queue rejects do no harm to the others of their request", async () => {
    const queue = await newQueue();
    // The sender never makes such a text: the refused message is made by hand.
    const unescaped = (event: TestEvent) => ({ ...event, body: Buffer.from('{"a":"\u0000"}') });
    const events = [dataEvent(), unescaped(dataEvent()), dataEvent()];
    const outcomes = await batch(connect(queue), events);
    expect(outcomes.map((one) => one instanceof DeliveryError && [one.code, one.retry])).toEqual([
      false,
      ["DELIVERY_REJECTED", "never"],
      false,
    ]);
    expect((await content(queue)).map(idOf)).toEqual([events[0]?.id, events[2]?.id]);
  });

  it("that are more or larger than one request takes go in several", async () => {
    const queue = await newQueue();
    const events = [
      ...Array.from({ length: 25 }, () => dataEvent()),
      ...[700_000, 700_000, 300_000].map((bytes) => ofSize(bytes)),
    ];
    const outcomes = await batch(connect(queue), events);
    expect(outcomes.filter((one) => one instanceof DeliveryError)).toEqual([]);
    expect(new Set((await content(queue)).map(idOf))).toEqual(new Set(events.map(({ id }) => id)));
  });

  describe("in a FIFO queue", () => {
    it("are of the person's group, and are known again by the event's id", async () => {
      const queue = await newQueue({ fifo: true });
      const events = [dataEvent(), plainEvent("auth", { userId: null })];
      const sender = connect(queue);
      for (let twice = 0; twice < 2; twice++) await batch(sender, events);
      expect(
        (await content(queue)).map((message) => [message.messageGroupId, message.messageDeduplicationId]),
      ).toEqual([
        [events[0]?.userId, events[0]?.id],
        ["auth", events[1]?.id],
      ]);
    });

    it("have groups and ids of characters that SQS takes", async () => {
      const queue = await newQueue({ fifo: true });
      const odd = ["é", "a b", "x".repeat(129), "../'\"$"];
      const events = odd.map((text) =>
        dataEvent("sleep", [{}], { userId: text, id: `${text}${randomUUID()}` }),
      );
      await batch(connect(queue), events);
      const groups = (await content(queue)).map(({ messageGroupId }) => messageGroupId ?? "");
      expect(groups).toHaveLength(odd.length);
      for (const group of groups) expect(group).toMatch(/^[!-~]{1,128}$/);
      expect(new Set(groups).size).toBe(odd.length);
    });

    it("keep each person's order, also in one batch", async () => {
      const queue = await newQueue({ fifo: true });
      const [one, other] = [newUser(), newUser()];
      const events = [one, one, other, one, other].map((userId) => dataEvent("sleep", [{}], { userId }));
      await batch(connect(queue), events);
      const arrived = await content(queue);
      for (const userId of [one, other]) {
        const own = arrived.filter(({ messageGroupId }) => messageGroupId === userId).map(idOf);
        expect(own).toEqual(events.filter((event) => event.userId === userId).map(({ id }) => id));
      }
    });

    it("are said to be in order, and those of other queues are not", async () => {
      expect(sqs.ordered?.(settingsOf(await newQueue({ fifo: true })))).toBe(true);
      expect(sqs.ordered?.(settingsOf(await newQueue()))).toBe(false);
    });

    it("are proven possible without leaving any", async () => {
      const queue = await newQueue({ fifo: true });
      await connect(queue).check(deadline());
      expect(await content(queue)).toEqual([]);
    });
  });

  describe("that are too large", () => {
    it("for the queue's own limit become links, and keep their attributes", async () => {
      const queue = await newQueue({ MaximumMessageSize: "4096" });
      const [large, small] = [ofSize(4_096), dataEvent()];
      await batch(connect(queue), [large, small]);
      const byId = new Map((await content(queue)).map((message) => [idOf(message), message]));
      expect(byId.get(small.id)?.body).toBe(String(small.body));
      const link = byId.get(large.id);
      expect(JSON.parse(link?.body ?? "")).toMatchObject({ type: "s3_payload", url: linkOf(large.id) });
      expect(link?.messageAttributes.event_type?.StringValue).toBe("sleep");
    });

    it("for the limit in the settings become links, whatever the queue's", async () => {
      const queue = await newQueue();
      await connect(queue, { max_message_bytes: 4_096 }).deliver(ofSize(4_096), deadline());
      expect(isLink((await content(queue))[0])).toBe(true);
    });

    it("are counted as SQS counts, attributes as well: a message within our count is taken", async () => {
      const limit = 5_000;
      const queue = await newQueue({ MaximumMessageSize: String(limit) });
      const { bytes } = messageOf(ofSize(0), settingsOf(queue));
      const [just, over] = [ofSize(limit - bytes), ofSize(limit - bytes + 1)];
      const sender = connect(queue);
      for (const event of [just, over]) await sender.deliver(event, deadline());
      const byId = new Map((await content(queue)).map((message) => [idOf(message), message]));
      expect(byId.get(just.id)?.body).toBe(String(just.body));
      expect(isLink(byId.get(over.id))).toBe(true);
    });

    it("for a limit that we believed to be higher wait once, and become links", async () => {
      const queue = await newQueue({ MaximumMessageSize: "4096" });
      const sender = connect(queue, { max_message_bytes: 100_000 });
      const [event, small] = [ofSize(10_000), dataEvent()];
      const outcomes = await batch(sender, [event, small]);
      expect(outcomes.map((one) => one instanceof DeliveryError && one.retry)).toEqual(["later", false]);
      await sender.deliver(event, deadline());
      const byId = new Map((await content(queue)).map((message) => [idOf(message), message]));
      expect(isLink(byId.get(event.id))).toBe(true);
    });

    it("as links too are refused for good before anything is sent", async () => {
      const queue = await newQueue({ MaximumMessageSize: "1024" });
      const event = { ...ofSize(3_000), referenceId: "x".repeat(1_000) };
      expect(await failure(connect(queue).deliver(event, deadline()))).toMatchObject({
        code: "DELIVERY_TOO_LARGE",
        retry: "never",
      });
      expect(await content(queue)).toEqual([]);
    });
  });

  it("wait for a queue that is not there", async () => {
    const queue = await newQueue();
    const sender = connect({ ...queue, url: `${queue.url}-missing` });
    const missing = { code: "DESTINATION_TARGET_MISSING", retry: "later" };
    expect(await failure(sender.check(deadline()))).toMatchObject(missing);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(missing);
  });
});
