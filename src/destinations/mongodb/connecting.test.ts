/** Addresses that the driver may connect to, and TLS. */
import { createServer, type LookupFunction } from "node:net";
import { BSON } from "mongodb";
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { DeliveryError } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import mongodb from "./index.ts";
import { usePlaces } from "./places.fixture.ts";

const closedGuard = createAddressGuard({ allowPrivate: false });
const login = { database: "terra", username: "systole", password: "secret" };

describe("TLS", () => {
  const withPlace = usePlaces();

  withPlace(
    "verifies the server's certificate with the authority given",
    async ({ target, place, connect }) => {
      const host = `127.0.0.1:${target.tlsPort}`;
      await connect({ host, tls: true, ca: target.ca }).deliver(dataEvent(), deadline());
      expect(await place.arrivals()).toHaveLength(1);
    },
  );

  withPlace("refuses a server whose authority nobody knows", async ({ target, connect }) => {
    const host = `127.0.0.1:${target.tlsPort}`;
    expect(await failure(connect({ host, tls: true }).check(deadline()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
      details: { reason: expect.stringMatching(/certificate/) },
    });
  });
});

describe("the address guard", () => {
  const withPlace = usePlaces();

  it.each(["127.0.0.1", "[::1]:27017", "db.example.com,10.0.0.1:27018", "localhost"])(
    "refuses %s before anything is sent",
    (host) => {
      const settings = parseSettings(mongodb, { ...login, host });
      expect(() => mongodb.connect(settings, closedGuard)).toThrow(DeliveryError);
    },
  );

  withPlace("refuses what a name resolves to", async ({ target, connect }) => {
    const refused = new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later");
    const lookup: LookupFunction = (_hostname, _options, callback) => callback(refused, []);
    const host = `db.example.com:${target.address.port}`;
    const sender = connect({ host }, { ...openGuard, lookup });
    expect((await failure(sender.check(deadline()))).code).toBe("DESTINATION_ADDRESS_PRIVATE");
  });

  it("keeps the driver from members of a replica set that it refuses", async () => {
    const hidden = await countingListener("127.0.0.2");
    const member = await liar((own) => [own, `127.0.0.2:${hidden.port}`, "/tmp/mongodb-27017.sock"]);
    const guard = {
      ...openGuard,
      assertAddressAllowed(hostname: string): void {
        if (hostname === "127.0.0.2") throw new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later");
      },
    };
    const given = { ...login, host: `127.0.0.1:${member.port}`, replica_set: "rs0", tls: false };
    const sender = mongodb.connect(parseSettings(mongodb, given), guard);
    await failure(sender.check(AbortSignal.timeout(1_500)));
    expect(member.accepted(), "connections to the member").toBeGreaterThan(0);
    expect(hidden.accepted(), "connections to what it told of").toBe(0);
    await sender.close();
    for (const { close } of [hidden, member]) close();
  });
});

describe("settings", () => {
  const accepted = (given: object): boolean => mongodb.settings.safeParse({ ...login, ...given }).success;

  it.each(["db.example.com", "db-1:27018", "a.example.com:27017, b.example.com", "[2001:db8::1]:27017"])(
    "take the host %s",
    (host) => expect(accepted({ host })).toBe(true),
  );

  it.each([
    "",
    "/tmp/mongodb-27017.sock",
    "mongodb-27017.sock",
    "u:p@host",
    "host/?tls=false",
    "host:port",
    "a,,b",
  ])("refuse the host %s", (host) => expect(accepted({ host })).toBe(false));

  it("with SRV want one name and TLS", () => {
    const scheme = "mongodb+srv";
    expect(accepted({ scheme, host: "cluster0.example.mongodb.net" })).toBe(true);
    expect(accepted({ scheme, host: "a.example.com,b.example.com" })).toBe(false);
    expect(accepted({ scheme, host: "a.example.com:27017" })).toBe(false);
    expect(accepted({ scheme, host: "cluster0.example.mongodb.net", tls: false })).toBe(false);
  });
});

async function countingListener(host: string) {
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: portOf(server), accepted: () => accepted, close: () => void server.close() };
}

/** A server that claims to be the secondary of a replica set with these members. */
async function liar(members: (own: string) => string[]) {
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    socket.on("error", () => {});
    socket.on("data", (message) => {
      const own = `127.0.0.1:${portOf(server)}`;
      const state = {
        ismaster: false,
        secondary: true,
        helloOk: true,
        ok: 1,
        maxWireVersion: 21,
        minWireVersion: 0,
      };
      const sizes = {
        maxBsonObjectSize: 16_777_216,
        maxMessageSizeBytes: 48_000_000,
        maxWriteBatchSize: 1_000,
      };
      socket.write(reply(message, { ...state, ...sizes, setName: "rs0", me: own, hosts: members(own) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: portOf(server), accepted: () => accepted, close: () => void server.close() };
}

/** OP_QUERY is answered by OP_REPLY, OP_MSG by OP_MSG. */
function reply(message: Buffer, document: object): Buffer {
  const [opQuery, opReply, opMsg] = [2_004, 1, 2_013];
  const old = message.readInt32LE(12) === opQuery;
  const body = BSON.serialize(document);
  const before = old ? Buffer.alloc(20) : Buffer.alloc(5);
  if (old) before.writeInt32LE(1, 16);
  const header = Buffer.alloc(16);
  header.writeInt32LE(header.length + before.length + body.length, 0);
  header.writeInt32LE(message.readInt32LE(4), 8);
  header.writeInt32LE(old ? opReply : opMsg, 12);
  return Buffer.concat([header, before, body]);
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
