/** Tests of the kinds that keep the FHIR resources of records apart: a row or a document for each. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs, isUnavailable, type Unavailable } from "../../../test/servers/server.ts";
import { DeliveryError, type OutgoingEvent, type Sender } from "../destination.ts";
import { loadDestination } from "../registry.ts";
import { parseSettings } from "../settings.ts";
import { deadline, openGuard } from "./bench.ts";
import { deliverElsewhere } from "./elsewhere.ts";
import { dataEvent, newUser, type TestEvent } from "./events.ts";
import { expectArrivals } from "./exactness.ts";
import { inFormat } from "./formed.ts";
import type { Place, Target, TargetBehaviour } from "./target.ts";

const naturalKey = "night-1";
const startTime = "2026-03-01T23:00:00.000000+01:00";

/** Revisions of one night: the second has other values, the third has lost its heart rate. */
const membersOf = [
  `"heart_rate_data": {"summary": {"avg_hr_bpm": 51, "min_hr_bpm": 44}}`,
  `"heart_rate_data": {"summary": {"avg_hr_bpm": 52, "min_hr_bpm": 43}}`,
  `"heart_rate_data": null`,
];

const contested = 67;
const processes = 4;
const processesMs = 180_000;

const versionsOf = (userId: string, key = naturalKey): TestEvent[] =>
  membersOf.map((members, index) => {
    const record = { naturalKey: key, startTime, members, revision: index + 1 };
    return dataEvent("sleep", [record], { userId });
  });

const nights = (userId: string, key = naturalKey): Promise<OutgoingEvent[]> =>
  Promise.all(versionsOf(userId, key).map((event) => inFormat(event, "fhir")));

interface Stage {
  readonly place: Place;
  connect(): Sender;
  /** Asserts that the place holds the resources of these events and no others. */
  holds(...events: readonly (OutgoingEvent | undefined)[]): Promise<void>;
}

export function testResources(
  behaviour: TargetBehaviour,
  startTarget: () => Promise<Target | Unavailable>,
): void {
  describe("the FHIR resources of a record", () => {
    let target: Target | Unavailable;
    beforeAll(async () => {
      target = await startTarget();
    }, bringUpMs);
    afterAll(async () => {
      if (!isUnavailable(target)) await target.close();
    });

    const test = (name: string, work: (stage: Stage) => Promise<void>, timeout?: number): void =>
      void it(name, { ...(timeout !== undefined && { timeout }) }, async ({ skip }) => {
        if (isUnavailable(target)) return skip(target.reason);
        const destination = await loadDestination(behaviour.kind);
        const place = await target.open(target.address);
        const senders: Sender[] = [];
        const connect = (): Sender => {
          const settings = parseSettings(destination, place.fhir ?? place.settings);
          const sender = destination.connect(settings, openGuard, "fhir");
          senders.push(sender);
          return sender;
        };
        const holds: Stage["holds"] = (...events) =>
          expectArrivals({ behaviour, place, onlyFormat: undefined }, events as readonly OutgoingEvent[]);
        try {
          await work({ place, connect, holds });
        } finally {
          await Promise.all(senders.map((sender) => sender.close()));
          await place.close();
        }
      });

    for (const order of [
      [1, 1],
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1, 2, 3],
      [2, 1],
    ]) {
      test(`are those of the newest of the revisions ${order.join(", ")}`, async ({ connect, holds }) => {
        const [revisions, others] = [await nights(newUser()), await nights(newUser())];
        const sender = connect();
        await sender.deliver(others[1] as OutgoingEvent, deadline());
        for (const one of order) await sender.deliver(revisions[one - 1] as OutgoingEvent, deadline());
        await holds(others[1], revisions[Math.max(...order) - 1]);
      });
    }

    test("are those of each record when one batch has several revisions of several", async ({
      connect,
      holds,
    }) => {
      const userId = newUser();
      const [first, second] = [await nights(userId), await nights(userId, "night-2")];
      const batch = [first[1], second[2], first[0], second[0]] as OutgoingEvent[];
      const answers = (await connect().deliverBatch?.(batch, deadline())) ?? [];
      expect(answers.filter((answer) => answer instanceof DeliveryError)).toEqual([]);
      await holds(first[1], second[2]);
    });

    test("are those of the newest revision when many write them at once", async ({ connect, holds }) => {
      const revisions = await nights(newUser());
      const senders = Array.from({ length: 4 }, connect);
      await Promise.all(senders.flatMap((sender) => revisions.map((event) => untilTaken(sender, event))));
      await holds(revisions[2]);
    });

    test(
      "are those of the newest revisions after 200 events from several processes",
      async ({ place, holds }) => {
        const userId = newUser();
        const records = Array.from({ length: contested }, (_, night) => versionsOf(userId, `night-${night}`));
        const all = records.flat();
        const errand = {
          kind: behaviour.kind,
          settings: place.fhir ?? place.settings,
          format: "fhir",
        } as const;
        await Promise.all(
          Array.from({ length: processes }, (_, hand) =>
            deliverElsewhere(
              { ...errand, how: hand % 2 === 0 ? "singly" : "in batches" },
              all.filter((_event, index) => index % processes === hand),
            ),
          ),
        );
        await holds(
          ...(await Promise.all(records.map((each) => inFormat(each.at(-1) as TestEvent, "fhir")))),
        );
      },
      processesMs,
    );

    test("can be written where the connection was tested first", async ({ connect, holds }) => {
      const [night] = await nights(newUser());
      await connect().check(deadline());
      await connect().deliver(night as OutgoingEvent, deadline());
      await connect().check(deadline());
      await holds(night);
    });
  });
}

/** Delivers as the schedule does: a delivery that met another one is tried again. */
async function untilTaken(sender: Sender, event: OutgoingEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sender.deliver(event, deadline());
      return;
    } catch (thrown) {
      if (attempt === 5 || !(thrown instanceof DeliveryError) || thrown.retry !== "later") throw thrown;
    }
  }
}
