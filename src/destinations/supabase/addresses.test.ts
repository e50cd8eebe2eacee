/** Addresses of the project and of its database. */
import type { LookupFunction } from "node:net";
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Settings } from "../conformance/target.ts";
import { DeliveryError, type SenderContext } from "../destination.ts";
import { connect, noServer, open, openBare, withoutDatabase } from "./projects.ts";

describe.skipIf(noServer)("addresses", () => {
  const refusing = (refused: string): SenderContext => {
    const lookup: LookupFunction = (hostname, options, callback) => {
      if (hostname === refused) callback(new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later"), []);
      else openGuard.lookup(hostname, options, callback);
    };
    return { lookup, assertAddressAllowed: () => {} };
  };

  it("are looked up through the guard, at every connection", async () => {
    const place = await openBare();
    const elsewhere = (setting: string): Settings => {
      const url = new URL(String(place.settings[setting]));
      url.hostname = "localhost";
      return { ...place.settings, [setting]: url.href };
    };
    for (const setting of ["url", "database_url"]) {
      const sender = connect(elsewhere(setting), refusing("localhost"));
      const thrown = await failure(sender.deliver(dataEvent(), deadline()));
      expect(thrown.code, setting).toBe("DESTINATION_ADDRESS_PRIVATE");
    }
  });

  it("that are private are refused, the database's as well", async () => {
    const place = await open();
    const closed = createAddressGuard({ allowPrivate: false });
    const settings = { ...place.settings, url: "https://project.supabase.co" };
    expect(() => connect(settings, closed)).toThrow(DeliveryError);
    expect(() => connect(withoutDatabase(place.settings), closed)).toThrow(DeliveryError);
    expect(() => connect(withoutDatabase(settings), closed)).not.toThrow();
  });
});
