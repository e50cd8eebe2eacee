import { createServer, connect as netConnect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAddressGuard, isPublicAddress } from "./address-guard.ts";

const guard = createAddressGuard({ allowPrivate: false });
const refused = (hostname: string) =>
  expect(() => guard.assertAddressAllowed(hostname)).toThrow(
    expect.objectContaining({ code: "DESTINATION_ADDRESS_PRIVATE" }),
  );

/** The first and last address of every IPv4 block outside the public internet. */
const privateBlocks: [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
const toNumber = (address: string): number =>
  address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
const toDotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

const privateIpv4 = fc
  .constantFrom(...privateBlocks)
  .chain(([start, bits]) => fc.nat(2 ** (32 - bits) - 1).map((offset) => toNumber(start) + offset));

describe("address guard", () => {
  it("refuses the names of this machine, and no others that only look similar", () => {
    for (const name of ["localhost", "LOCALHOST", "localhost.", "app.localhost"]) refused(name);
    for (const name of ["localhost.example", "notlocalhost"]) {
      expect(() => guard.assertAddressAllowed(name)).not.toThrow();
    }
    expect(() => createAddressGuard({ allowPrivate: true }).assertAddressAllowed("localhost")).not.toThrow();
  });

  it("refuses every private IPv4 address in every form that a URL may use", () => {
    fc.assert(
      fc.property(privateIpv4, (value) => {
        const octets = toDotted(value).split(".").map(Number) as [number, number, number, number];
        const forms = [
          octets.join("."),
          String(value),
          `0x${value.toString(16)}`,
          `0${value.toString(8)}`,
          octets.map((octet) => `0${octet.toString(8)}`).join("."),
          octets.map((octet) => `0x${octet.toString(16)}`).join("."),
          `${octets[0]}.${value % 2 ** 24}`,
          `${octets[0]}.${octets[1]}.${value % 2 ** 16}`,
        ];
        for (const form of forms) {
          refused(form);
          refused(new URL(`http://${form}/`).hostname);
        }
      }),
    );
  });

  it("refuses every IPv6 address that carries an IPv4 one, and everything outside 2000::/3", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 32 - 1),
        fc.constantFrom("::ffff:", "::", "64:ff9b::", "::ffff:0:"),
        (value, prefix) => {
          const dotted = toDotted(value);
          refused(`[${prefix}${dotted}]`);
          refused(new URL(`http://[${prefix}${dotted}]/`).hostname);
        },
      ),
    );
    const group = fc.nat(0xffff).map((value) => value.toString(16));
    fc.assert(
      fc.property(fc.nat(0xffff), fc.array(group, { minLength: 7, maxLength: 7 }), (head, rest) => {
        fc.pre(head < 0x2000 || head > 0x3fff);
        expect(isPublicAddress([head.toString(16), ...rest].join(":"))).toBe(false);
      }),
    );
  });

  it.each([
    "[::1]",
    "[::]",
    "[fe80::1]",
    "fe80::1%eth0",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[2001:db8::1]",
  ])("refuses %s", refused);
  it.each([
    "[2002:7f00:1::]",
    "[2001:0:53aa::1]",
    "[3fff::1]",
    "127.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
  ])("refuses %s", refused);

  it("lets public addresses and names pass", () => {
    const open = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "[2606:4700:4700::1111]", "example.com"];
    for (const hostname of open) expect(() => guard.assertAddressAllowed(hostname)).not.toThrow();
    expect(() => createAddressGuard({ allowPrivate: true }).assertAddressAllowed("127.0.0.1")).not.toThrow();
  });
});

describe("look-up at every connection", () => {
  const server = createServer((socket) => socket.end("hello"));
  let port = 0;
  beforeAll(
    () =>
      new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          port = (server.address() as { port: number }).port;
          resolve();
        });
      }),
  );
  afterAll(() => server.close());

  const reach = (allowPrivate: boolean, autoSelectFamily: boolean): Promise<string> =>
    new Promise((resolve) => {
      const { lookup } = createAddressGuard({ allowPrivate });
      const socket = netConnect({ host: "localhost", port, lookup, autoSelectFamily });
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once("data", (data) => resolve(data.toString()));
    });

  it.each([true, false])("refuses a name that resolves to a private address (all: %s)", async (all) => {
    expect(await reach(false, all)).toBe("DESTINATION_ADDRESS_PRIVATE");
  });
  it.each([true, false])("connects where private addresses are allowed (all: %s)", async (all) => {
    expect(await reach(true, all)).toBe("hello");
  });

  it("passes a resolver's own error on", async () => {
    const code = await new Promise((resolve) => {
      guard.lookup("does-not-exist.invalid", { all: true }, (error) => resolve(error?.code));
    });
    expect(code).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});
