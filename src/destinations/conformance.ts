/**
 * The suite every destination passes. A destination brings a harness: its real target (or the best
 * stand-in there is), a sender connected to it, and the means to make the target misbehave.
 *
 * The cases are plain functions, so that a test of this suite can run each of them against a sender that
 * is broken on purpose and see it fail.
 */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DeliveryError, type OutgoingEvent, type Sender } from "./destination.ts";

/** What arrived at the target, as far as the target keeps it. */
export interface Arrival {
  readonly id: string;
  readonly body: Buffer;
}

export interface Harness {
  readonly sender: Sender;
  /** Everything the target holds now, in the order it came. */
  arrivals(): Promise<readonly Arrival[]>;
  /** Makes the target unreachable; the function answered brings it back. */
  outage(): Promise<() => Promise<void>>;
  /** Makes the target refuse every event. */
  refuse(): Promise<void>;
  /** What a refusal means to this kind. */
  readonly refusal: DeliveryError["retry"];
  /** Makes the target take its time, longer than any test waits. */
  stall(): Promise<void>;
  stop(): Promise<void>;
}

export type Case = (harness: Harness) => Promise<void>;

const patience = (): AbortSignal => AbortSignal.timeout(8_000);

/** An event whose bytes an honest sender cannot help but keep: no re-serialising survives it unchanged. */
export function conformanceEvent(overrides: Partial<OutgoingEvent> = {}): OutgoingEvent {
  const id = overrides.id ?? randomUUID();
  return {
    id,
    type: "sleep",
    userId: "3b1c2f9a-6a5e-4f5e-9a53-0a5a1b3f2c11",
    referenceId: "person-1",
    reference: randomUUID(),
    traceId: randomUUID(),
    orderingTimestamp: Date.now(),
    record: { type: "sleep", naturalKey: id, revision: 3 },
    body: Buffer.from(`{"type":"sleep",  "data":[1.0,1e2,"\\u00e9é♥"], "b":1,\n"a":2}`),
    ...overrides,
  };
}

async function failure(attempt: Promise<unknown>): Promise<DeliveryError> {
  const thrown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown, "a DeliveryError").toBeInstanceOf(DeliveryError);
  return thrown as DeliveryError;
}

export const cases = {
  async "delivers exactly the bytes it was given"({ sender, arrivals }) {
    const event = conformanceEvent();
    await sender.deliver(event, patience());
    const [arrival, ...others] = await arrivals();
    expect(others).toEqual([]);
    expect(arrival?.id).toBe(event.id);
    expect(arrival?.body.toString("utf8")).toBe(event.body.toString("utf8"));
  },

  async "an outage is tried again later, and then succeeds"({ sender, arrivals, outage }) {
    const event = conformanceEvent();
    const end = await outage();
    expect((await failure(sender.deliver(event, patience()))).retry).toBe("later");
    await end();
    await sender.deliver(event, patience());
    expect((await arrivals()).map(({ id }) => id)).toContain(event.id);
  },

  async "a refusal is classified and leaves nothing"({ sender, arrivals, refuse, refusal }) {
    await refuse();
    expect((await failure(sender.deliver(conformanceEvent(), patience()))).retry).toBe(refusal);
    expect(await arrivals()).toEqual([]);
  },

  async "an aborted delivery says later, at once"({ sender, stall }) {
    await stall();
    const started = Date.now();
    const thrown = await failure(sender.deliver(conformanceEvent(), AbortSignal.timeout(200)));
    expect(thrown.retry).toBe("later");
    expect(thrown.code).toBe("DELIVERY_TIMEOUT");
    expect(Date.now() - started).toBeLessThan(3_000);
  },

  async "the same event twice arrives under the same id"({ sender, arrivals }) {
    const event = conformanceEvent();
    await sender.deliver(event, patience());
    await sender.deliver(event, patience());
    const ids = new Set((await arrivals()).map(({ id }) => id));
    expect([...ids]).toEqual([event.id]);
  },

  async "deliveries side by side do not mix"({ sender, arrivals }) {
    const events = Array.from({ length: 20 }, (_, n) =>
      conformanceEvent({ body: Buffer.from(`{"n":${n}}`) }),
    );
    await Promise.all(events.map((event) => sender.deliver(event, patience())));
    const arrived = new Map((await arrivals()).map(({ id, body }) => [id, body.toString("utf8")]));
    expect(arrived).toEqual(new Map(events.map(({ id, body }) => [id, body.toString("utf8")])));
  },

  async "check succeeds on a target that works and fails on one that is away"({ sender, outage }) {
    await sender.check(patience());
    const end = await outage();
    await failure(sender.check(patience()));
    await end();
  },

  async "close may be called twice and ends the sender"({ sender }) {
    await sender.deliver(conformanceEvent(), patience());
    await Promise.all([sender.close(), sender.close()]);
    await sender.close();
    await failure(sender.deliver(conformanceEvent(), patience()));
  },
} satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;

/** Every destination runs every case; skipping one needs a reason. */
export function testDestination(
  kind: string,
  start: () => Promise<Harness>,
  skip: Partial<Record<CaseName, string>> = {},
): void {
  describe(`destination ${kind}`, () => {
    for (const [name, run] of Object.entries(cases) as [CaseName, Case][]) {
      const reason = skip[name];
      it.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (${reason})`, async () => {
        const harness = await start();
        try {
          await run(harness);
        } finally {
          await harness.stop();
        }
      });
    }
  });
}
