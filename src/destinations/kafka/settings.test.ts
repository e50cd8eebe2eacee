import { describe, expect, it } from "vitest";
import { partitionOf } from "./partition.ts";
import { bootstrapBrokers, parseBroker, settings } from "./settings.ts";

const login = { username: "systole", password: "secret" };
const given = { brokers: "a.example:9093", topic: "events", ...login };

describe("settings of a cluster", () => {
  it("asks for as little as Terra does, and encrypts", () => {
    expect(settings.parse(given)).toEqual({
      ...given,
      mechanism: "plain",
      tls: true,
      compression: "none",
    });
  });

  it("reads brokers as Kafka's own tools do", () => {
    const brokers = "a.example:9093, b.example , 10.0.0.7:1,[2001:db8::1]:9094,";
    expect(bootstrapBrokers(settings.parse({ ...given, brokers }))).toEqual([
      { host: "a.example", port: 9_093 },
      { host: "b.example", port: 9_092 },
      { host: "10.0.0.7", port: 1 },
      { host: "2001:db8::1", port: 9_094 },
    ]);
  });

  it.each([
    "",
    " , ",
    "a.example:0",
    "a.example:65536",
    "a.example:x",
    "a.example:",
    "http://a.example",
    "a b:1",
    "::1",
    "[::1",
  ])("refuses %j as brokers", (brokers) => {
    expect(settings.safeParse({ ...given, brokers }).success).toBe(false);
    if (brokers.trim() !== "" && !brokers.includes(","))
      expect(() => parseBroker(brokers)).toThrow("host:port");
  });

  it.each(["", ".", "..", "a b", "a/b", "x".repeat(250), "é"])("refuses %j as a topic", (topic) => {
    expect(settings.safeParse({ ...given, topic }).success).toBe(false);
  });

  it("wants a login unless it is told that there is none", () => {
    const { username, password, ...rest } = given;
    for (const half of [rest, { ...rest, username }, { ...rest, password }]) {
      expect(settings.safeParse(half).success).toBe(false);
    }
    expect(settings.parse({ ...rest, mechanism: "none" })).toMatchObject({ mechanism: "none" });
  });
});

describe("a key's partition", () => {
  // From Kafka's own UtilsTest.java.
  const hashes = {
    "21": -973_932_308,
    foobar: -790_332_482,
    "a-little-bit-long-string": -985_981_536,
    "a-little-bit-longer-string": -1_486_304_829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58_897_971,
  };

  it.each(Object.entries(hashes))("of %s is the one that Kafka's Java client chooses", (key, hash) => {
    for (const partitions of [1, 3, 6, 50]) {
      expect(partitionOf(key, partitions)).toBe((hash & 0x7fff_ffff) % partitions);
    }
  });
});
