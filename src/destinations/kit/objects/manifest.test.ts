/** One record whose start moves, delivered in any order, at once, more than once, and with failures in between. */
import { setImmediate as yieldNow } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newUser, revised } from "../../conformance/events.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { objectSender } from "./sender.ts";
import type { NewObject, ObjectStore, PutCondition } from "./store.ts";

interface Held {
  readonly version: string;
  readonly object: NewObject;
}

/** A store that obeys conditions and fails now and then, before or after a call has had its effect. */
class UnsteadyStore implements ObjectStore {
  readonly held = new Map<string, Held>();
  readonly #failing: () => boolean;
  #versions = 0;

  constructor(failing: () => boolean) {
    this.#failing = failing;
  }

  async put(object: NewObject, condition: PutCondition): Promise<"written" | "conflict"> {
    await this.#maybeFail();
    const there = this.held.get(object.key);
    const holds =
      condition === "always" ||
      (condition === "absent" && there === undefined) ||
      (typeof condition === "object" && there?.version === condition.over);
    if (holds) this.held.set(object.key, { version: String(++this.#versions), object });
    await this.#maybeFail();
    return holds ? "written" : "conflict";
  }

  async head(key: string) {
    await this.#maybeFail();
    const there = this.held.get(key);
    return there === undefined ? null : { version: there.version, metadata: there.object.metadata };
  }

  async remove(key: string, _signal: AbortSignal, version?: string): Promise<void> {
    await this.#maybeFail();
    if (version === undefined || this.held.get(key)?.version === version) this.held.delete(key);
    await this.#maybeFail();
  }

  async close(): Promise<void> {}

  async #maybeFail(): Promise<void> {
    await yieldNow();
    if (this.#failing()) throw new Error("the line broke");
  }
}

const starts = ["2025-10-01T22:00:00+02:00", "2025-10-01T22:30:00+02:00", "2025-10-01T23:00:00+02:00"];

/** Delivers until the event is taken, as the schedule does. */
async function insist(deliver: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const taken = await deliver().then(
      () => true,
      () => false,
    );
    if (taken) return;
  }
}

describe("a record whose start moves", () => {
  it("has one object in the end, of its newest revision", async () => {
    const moves = fc.array(fc.nat(starts.length - 1), { minLength: 1, maxLength: 5 });
    const order = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
    const failures = fc.infiniteStream(fc.integer({ min: 0, max: 11 }));
    await fc.assert(
      fc.asyncProperty(moves, order, failures, async (startOf, picks, dice) => {
        const store = new UnsteadyStore(() => dice.next().value === 0);
        const userId = newUser();
        const revisions = startOf.map((start, index) =>
          revised("sleep", { naturalKey: "night", startTime: starts[start] as string }, index + 1, userId),
        );
        const senders = [1, 2].map(() => objectSender(store, { compression: "none" }));
        const picked = picks.map((pick) => revisions[pick % revisions.length] as OutgoingEvent);
        const all = [...picked, ...revisions].map((event, index) =>
          insist(
            () => (senders[index % 2] ?? senders[0])?.deliver(event, AbortSignal.timeout(30_000)) as never,
          ),
        );
        await Promise.all(all);
        // Nothing at a former key, not even an emptied body.
        const bodies = [...store.held.values()]
          .filter(({ object }) => !object.key.includes("/manifest/"))
          .map(({ object }) => object);
        expect(bodies.map(({ metadata }) => metadata.revision)).toEqual([String(revisions.length)]);
        const entries = [...store.held.values()].filter(({ object }) => object.key.includes("/manifest/"));
        const [entry] = entries.map(({ object }) => JSON.parse(object.body.toString("utf8")));
        expect(entry).toMatchObject({ revision: revisions.length, key: bodies[0]?.key, user_id: userId });
      }),
      { numRuns: 1_000 },
    );
  });
});
