/** The index finds what the emulator's own query finds. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../../test/servers/server.ts";
import { deadline, openGuard } from "../../conformance/bench.ts";
import { newUser, revised } from "../../conformance/events.ts";
import { parseSettings } from "../../settings.ts";
import firestore from "../index.ts";
import { type FirestoreTarget, startIndexedTarget } from "../target.ts";

describe("the index on identities", () => {
  let target: FirestoreTarget | { readonly reason: string };
  beforeAll(async () => {
    target = await startIndexedTarget();
  }, bringUpMs);
  afterAll(async () => {
    if (!("reason" in target)) await target.close();
  });

  it("finds records where they began, newer and older ones", async ({ skip }) => {
    if ("reason" in target) return skip(target.reason);
    const [place, other] = [await target.open(target.address), await target.open(target.address)];
    const senders = [place, other].map(({ settings }) =>
      firestore.connect(parseSettings(firestore, settings), openGuard),
    );
    const userId = newUser();
    const begun = (hour: number): string => `2025-10-01T0${hour}:00:00.000000+02:00`;
    const nights = ["a", "b", "c"].flatMap((naturalKey) =>
      [2, 3, 1].map((revision) =>
        revised("sleep", { naturalKey, startTime: begun(revision) }, revision, userId),
      ),
    );
    for (const event of nights) await senders[0]?.deliver(event, deadline());
    for (const event of nights.slice(0, 1)) await senders[1]?.deliver(event, deadline());
    const eventIds = async (of: typeof place) => (await of.arrivals()).map(({ eventId }) => eventId).sort();
    const newest = nights.filter((_, index) => index % 3 === 1);
    expect(await eventIds(place)).toEqual(newest.map(({ id }) => id).sort());
    expect(await eventIds(other)).toEqual([nights[0]?.id]);
    await Promise.all([...senders.map((sender) => sender.close()), place.close(), other.close()]);
  });
});
