/** Logging in by SASL over TLS against the real broker, and the address guard on every connection. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KafkaFacts, recipe } from "../../../test/servers/kafka.ts";
import { bringUpMs, isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { newAuthority } from "../../../test/support/certificates.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { DeliveryError, type Sender, type SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import { KafkaAdmin, type Login } from "./admin.fixture.ts";
import kafka from "./index.ts";
import { leastGrant } from "./target.ts";

const found = await useServer(recipe);

const toLoopback: SenderContext["lookup"] = (_hostname, { all }, callback) => {
  if (all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

describe.skipIf(isUnavailable(found))("logging in to Kafka", () => {
  const { ports, facts } = found as RunningServer<KafkaFacts>;
  const senders: Sender[] = [];
  let admin: KafkaAdmin;

  beforeAll(() => {
    admin = new KafkaAdmin(found as RunningServer<KafkaFacts>);
  }, bringUpMs);
  afterAll(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    await admin.close();
  });

  function connect(given: Record<string, unknown>, context: SenderContext = openGuard): Sender {
    const base = { brokers: `127.0.0.1:${ports.direct}`, ca: facts.ca, topic: "unused" };
    const sender = kafka.connect(parseSettings(kafka, { ...base, ...given }), context);
    senders.push(sender);
    return sender;
  }

  const newUser = async (mechanism: Login["mechanism"], topic: string) => ({
    ...(await admin.newUser(mechanism, { [topic]: leastGrant })),
    topic,
  });

  describe.each(["plain", "scram-sha-256", "scram-sha-512"] as const)("with %s over TLS", (mechanism) => {
    it("delivers with the least grant", async () => {
      const topic = `login-${randomUUID()}`;
      const sender = connect(await newUser(mechanism, topic));
      await sender.check(deadline());
      const event = dataEvent();
      await sender.deliver(event, deadline());
      expect((await admin.read(topic)).map(({ value }) => value)).toEqual([event.body.toString()]);
      await admin.deleteTopic(topic);
    });

    it("says that a wrong password or an unknown user is refused", async () => {
      const user = await newUser(mechanism, `login-${randomUUID()}`);
      for (const wrong of [{ password: "wrong" }, { username: "nobody" }]) {
        const thrown = await failure(connect({ ...user, ...wrong }).check(deadline()));
        expect(thrown).toMatchObject({ code: "DESTINATION_CREDENTIALS_REFUSED", retry: "later" });
        expect(JSON.stringify(thrown.details)).not.toContain(user.password);
      }
    });
  });

  it("does not take one mechanism's user for another's", async () => {
    const user = await newUser("scram-sha-256", `login-${randomUUID()}`);
    const thrown = await failure(connect({ ...user, mechanism: "scram-sha-512" }).check(deadline()));
    expect(thrown.code).toBe("DESTINATION_CREDENTIALS_REFUSED");
  });

  const login = { username: "plain-writer", password: facts?.plain["plain-writer"] };

  it.each([
    ["an authority nobody knows", { ca: undefined }, /^TLS: self-signed certificate/],
    ["a certificate for another name", { brokers: `localhost:${ports?.direct}` }, /^TLS: .*altnames/],
    ["TLS where the broker speaks none", { brokers: `127.0.0.1:${ports?.admin}` }, /TLS/],
    ["no TLS where the broker speaks it", { tls: false }, /it may want TLS/],
    ["no login where the broker wants one", { mechanism: "none" }, /or a login/],
  ])("says what is wrong about %s", async (_, given, reason) => {
    const thrown = await failure(connect({ ...login, ...given }).check(deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    expect(thrown.details.reason).toMatch(reason);
  });

  it("asks the next broker where the first is away", async () => {
    const topic = `login-${randomUUID()}`;
    const brokers = `127.0.0.1:1, 127.0.0.1:${ports.direct}`;
    const sender = connect({ ...(await newUser("scram-sha-256", topic)), brokers });
    await sender.deliver(dataEvent(), deadline());
    expect(await admin.read(topic)).toHaveLength(1);
    await admin.deleteTopic(topic);
  });

  it("tells the broker by which name it is meant, and holds its certificate against that", async () => {
    const authority = newAuthority();
    const names: unknown[] = [];
    const { certificate: cert, key } = authority.issue("broker.example");
    const broker = createServer({ cert, key }, (socket) => {
      names.push(socket.servername);
      socket.destroy();
    });
    await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
    const { port } = broker.address() as AddressInfo;
    const context: SenderContext = { ...openGuard, lookup: toLoopback };
    const given = { ...login, brokers: `broker.example:${port}`, ca: authority.certificate };
    const thrown = await failure(connect(given, context).check(deadline()));
    expect(thrown.details.reason).toMatch(/closed the connection/);
    expect(names).toEqual(["broker.example"]);
    broker.close();
  });

  describe("the address guard", () => {
    const refusal = new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later");
    /** A guard that allows this name only. */
    const guard = (allowed: string): SenderContext => ({
      assertAddressAllowed(hostname) {
        if (hostname !== allowed) throw refusal;
      },
      lookup: (hostname, options, callback) => {
        if (hostname !== allowed) callback(refusal, []);
        else toLoopback(hostname, options, callback);
      },
    });
    const open = { mechanism: "none", tls: false, ca: undefined };

    it("judges the brokers that the cluster names as well", async () => {
      const topic = `guard-${randomUUID()}`;
      await admin.createTopic(topic);
      const brokers = `broker.example:${ports.admin}`;
      const sender = connect({ ...open, topic, brokers }, guard("broker.example"));
      // The first request is answered, and the answer names a broker at 127.0.0.1.
      expect(await failure(sender.check(deadline()))).toBe(refusal);
      expect(await failure(sender.deliver(dataEvent(), deadline()))).toBe(refusal);
      expect(await admin.read(topic)).toEqual([]);
      await admin.deleteTopic(topic);
    });

    it("judges what a name resolves to, with TLS and without", async () => {
      const lookup: SenderContext["lookup"] = (_hostname, _options, callback) => callback(refusal, []);
      const context = { lookup, assertAddressAllowed: () => {} };
      const brokers = `broker.example:${ports.admin}`;
      expect(await failure(connect({ ...open, brokers }, context).check(deadline()))).toBe(refusal);
      expect(await failure(connect({ ...login, brokers }, context).check(deadline()))).toBe(refusal);
    });
  });
});
