/** Many deliveries at once, from several processes, as several workers make them. */

import type { Bench } from "../bench.ts";
import type { TestEvent } from "../events.ts";
import { dataEvent, newUser, revised } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const processes = 4;
const different = 100;
const contested = 20;
const revisions = [1, 2, 3, 4, 5];

/** Revisions of some records that several processes write, and as many other records. */
function twoHundred(): { all: TestEvent[]; newest: TestEvent[] } {
  const userId = newUser();
  const plain = Array.from({ length: different }, () => dataEvent("activity", [{}], { userId }));
  const competing = Array.from({ length: contested }, (_, night) => {
    const startTime = `2025-11-${String(night + 1).padStart(2, "0")}T23:00:00.000000+02:00`;
    const record = { naturalKey: `night-${night}`, startTime };
    return revisions.map((revision) => revised("sleep", record, revision, userId));
  });
  const newest = competing.flatMap((each) => each.slice(-1));
  return { all: [...plain, ...competing.flat()], newest: [...plain, ...newest] };
}

export const concurrencyCases = {
  async "200 events from several processes at once all arrive, and the newest revisions stand"(bench: Bench) {
    const { all, newest } = twoHundred();
    // Distributed so that every process has some revision of every contested record.
    const hands = Array.from({ length: processes }, (_, hand) =>
      all.filter((_event, index) => index % processes === hand),
    );
    await Promise.all(
      hands.map((hand, index) => bench.elsewhere(hand, index % 2 === 0 ? "singly" : "in batches")),
    );
    await expectArrivals(bench, bench.behaviour.keeps === "newest" ? newest : all);
  },
};
