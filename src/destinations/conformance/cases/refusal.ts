/** Credentials and addresses that are refused. */
import { inspect } from "node:util";
import { expect } from "vitest";
import { createAddressGuard } from "../../../security/address-guard.ts";
import { type Bench, deadline, failure } from "../bench.ts";
import { dataEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const refused = { code: "DESTINATION_CREDENTIALS_REFUSED", retry: "later" };

export const refusalCases = {
  async "credentials that are refused are told apart"(bench: Bench) {
    const { wrongCredentials } = bench.place;
    if (wrongCredentials === undefined)
      throw new Error("the place has no `wrongCredentials`: add them, or skip with a reason");
    const sender = bench.connect(wrongCredentials);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(refused);
    expect(await failure(sender.check(deadline()))).toMatchObject(refused);
    await expectArrivals(bench, []);
  },

  async "what it says of failures holds no secret"(bench: Bench) {
    const { settings, wrongCredentials = settings } = bench.place;
    const said =
      wrongCredentials === settings ? [] : [await failure(bench.connect(wrongCredentials).check(deadline()))];
    bench.faults.fail("refuse");
    for (const sender of [bench.connect(), bench.connect(wrongCredentials)]) {
      said.push(await failure(sender.deliver(dataEvent(), deadline())));
      said.push(await failure(sender.check(deadline())));
    }
    const secrets = [settings, wrongCredentials].flatMap((each) => bench.secretsOf(each));
    for (const error of said) {
      expect((error.receipt.response ?? "").length).toBeLessThanOrEqual(1_024);
      const words = inspect([error.message, error.details, error.receipt], { depth: null });
      expect(secrets.filter((secret) => words.includes(secret))).toEqual([]);
    }
  },

  async "a private address is refused before anything is sent"(bench: Bench) {
    const closed = createAddressGuard({ allowPrivate: false });
    const before = bench.faults.connections;
    // Some senders know the address when they are made, others when they connect.
    const thrown = await failure(
      (async () => bench.connect(bench.place.settings, closed).deliver(dataEvent(), deadline()))(),
    );
    expect(thrown.code).toBe("DESTINATION_ADDRESS_PRIVATE");
    expect(bench.faults.connections, "connections made").toBe(before);
    await expectArrivals(bench, []);
  },
};
