/** Events arrive whole and unchanged. */
import { dataTypes } from "../../../models/index.ts";
import { type Bench, deadline } from "../bench.ts";
import { dataEvent, newUser, plainEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const plainTypes = [
  "auth",
  "deauth",
  "user_reauth",
  "access_revoked",
  "connection_error",
  "large_request_processing",
  "large_request_sending",
] as const;

async function deliverAll(bench: Bench, events: Parameters<typeof expectArrivals>[1]): Promise<void> {
  const sender = bench.connect();
  for (const event of events) await sender.deliver(event, deadline());
  await expectArrivals(bench, events);
}

export const contentCases = {
  "delivers exactly what it was given": (bench: Bench) => deliverAll(bench, [dataEvent()]),

  async "delivers every record of an event with several"(bench: Bench) {
    await deliverAll(bench, [dataEvent("sleep", [{}, {}, { revision: 7 }]), dataEvent("activity", [{}, {}])]);
  },

  async "delivers every data type"(bench: Bench) {
    const userId = newUser();
    await deliverAll(
      bench,
      dataTypes.map((type) => dataEvent(type, [{}], { userId })),
    );
  },

  async "delivers events that carry no record"(bench: Bench) {
    const userId = newUser();
    const ofPerson = plainTypes.map((type) => plainEvent(type, { userId }));
    const ofNobody = plainEvent("auth_cancelled", { userId: null, referenceId: null });
    await deliverAll(bench, [...ofPerson, ofNobody]);
  },

  async "two events of one person at the same moment both stand"(bench: Bench) {
    const moment = { userId: newUser(), orderingTimestamp: Date.now() };
    await deliverAll(bench, [plainEvent("auth", moment), plainEvent("auth", moment)]);
  },
};
