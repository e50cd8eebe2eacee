/** Addresses that it connects to, and answers that are not Firestore's. */
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { describe, expect } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import firestore from "./index.ts";
import { type Given, usePlaces } from "./places.fixture.ts";

const local: LookupFunction = (_hostname, options, callback) => lookup("127.0.0.1", options, callback);
const refusing: LookupFunction = (hostname, _options, callback) => callback(new Error(`not ${hostname}`), []);

function connectNamed({ target, place }: Given, look: LookupFunction) {
  const endpoint = `http://firestore.example:${target.address.port}`;
  const context: SenderContext = { lookup: look, assertAddressAllowed: () => {} };
  return firestore.connect(parseSettings(firestore, { ...place.settings, endpoint }), context);
}

describe("Firestore", () => {
  const withPlace = usePlaces();

  withPlace("is looked up by the look-up that is given", async (given) => {
    const sender = connectNamed(given, local);
    await sender.check(deadline());
    await sender.close();
  });

  withPlace("is not connected to when the look-up refuses", async (given) => {
    const sender = connectNamed(given, refusing);
    const thrown = await failure(sender.check(deadline()));
    expect(thrown.details.reason).toMatch(/^not /);
    await sender.close();
  });

  withPlace("may have a proxy before it that answers in its place", async ({ target, connect }) => {
    target.standIn.intercept = () => ({ status: 502, body: "<html>a proxy's</html>" });
    const expected = { code: "DELIVERY_FAILED", retry: "later", receipt: { status: 502 } };
    const sender = connect();
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(expected);
    expect(await failure(sender.check(deadline()))).toMatchObject(expected);
  });
});
