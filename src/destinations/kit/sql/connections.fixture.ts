/** Connections of a kind: trusted certificates, and look-ups through the guard. Run by the tests of each kind. */
import { lookup as realLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { describe, expect } from "vitest";
import { newAuthority } from "../../../../test/support/certificates.ts";
import { dataEvent } from "../../conformance/events.ts";
import type { Settings } from "../../conformance/target.ts";
import { DeliveryError, type DeliveryReceipt, type Sender, type SenderContext } from "../../destination.ts";
import type { SqlTarget } from "./place.fixture.ts";
import { deadline, type Kind, onServer } from "./stage.fixture.ts";

const name = "database.example";

/** A name server of our own. */
function resolving(answer: (hostname: string) => string | DeliveryError): SenderContext {
  const lookup: LookupFunction = (hostname, options, callback) => {
    const address = answer(hostname);
    if (address instanceof DeliveryError) return callback(address, []);
    realLookup(address, options as never, callback as never);
  };
  return { lookup, assertAddressAllowed: () => {} };
}

const outcome = (sender: Sender): Promise<DeliveryReceipt | DeliveryError> =>
  sender.deliver(dataEvent(), deadline()).catch((error: DeliveryError) => error);

export function testConnections<Target extends SqlTarget & { readonly ca: string }>(
  kind: Kind<Target>,
): void {
  describe("a connection", () => {
    const test = onServer(kind);

    test("connects to the address that the guard's look-up returns", async ({ place, connect }) => {
      const asked: string[] = [];
      const context = resolving((hostname) => {
        asked.push(hostname);
        return "127.0.0.1";
      });
      await connect({ ...place.settings, host: name }, context).deliver(dataEvent(), deadline());
      expect(new Set(asked)).toEqual(new Set([name]));
      expect(await place.arrivals()).toHaveLength(1);
    });

    test("is not made when the look-up refuses", async ({ place, connect }) => {
      const refusal = new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later");
      const sender = connect(
        { ...place.settings, host: name },
        resolving(() => refusal),
      );
      expect(await outcome(sender)).toMatchObject({ code: "DESTINATION_ADDRESS_PRIVATE" });
      await expect(sender.check(deadline())).rejects.toMatchObject({ code: "DESTINATION_ADDRESS_PRIVATE" });
    });

    test("that cannot be made fails with a message", async ({ place, connect }) => {
      const sender = connect({ ...place.settings, host: "localhost", port: 1 });
      expect(await outcome(sender)).toMatchObject({
        code: "DELIVERY_FAILED",
        retry: "later",
        details: { reason: expect.stringContaining("ECONNREFUSED") },
      });
    });

    test("trusts a certificate of the authority that is given, for the host that it names", async (stage) => {
      const { place, connect, target } = stage;
      const secured = (more: Settings): Settings => {
        const { ssl: _, ...settings } = place.settings;
        return { ...settings, host: "localhost", ...more };
      };
      const elsewhere = resolving(() => "127.0.0.1");
      const { ca } = target;
      const refused = { code: "DELIVERY_FAILED", retry: "later" };
      expect(await outcome(connect(secured({ ca })))).toEqual({});
      expect(await outcome(connect(secured({})))).toMatchObject(refused);
      expect(await outcome(connect(secured({ ca: newAuthority().certificate })))).toMatchObject(refused);
      expect(await outcome(connect(secured({ ca, host: name }), elsewhere))).toMatchObject(refused);
      expect(await outcome(connect(secured({ ca, host: name, ssl: "verify-ca" }), elsewhere))).toEqual({});
      expect(await outcome(connect(secured({ ssl: "verify-ca" })))).toMatchObject(refused);
      expect(await outcome(connect(secured({ ca, host: "127.0.0.1", ssl: "verify-ca" })))).toEqual({});
    });
  });
}
