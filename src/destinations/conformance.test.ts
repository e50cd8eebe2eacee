/** The conformance suite is only worth something if a broken destination fails it: one fake for each case. */
import { describe, expect, it } from "vitest";
import { type Arrival, type CaseName, cases, type Harness } from "./conformance.ts";
import { DeliveryError, type OutgoingEvent, type Sender } from "./destination.ts";

/** A target in memory, and a sender that is right in every way. */
class FakeTarget {
  mode: "up" | "down" | "refusing" | "stalling" = "up";
  readonly taken: Arrival[] = [];
  closed = false;

  async deliver(event: OutgoingEvent, signal: AbortSignal): Promise<Record<string, never>> {
    await this.check(signal);
    this.taken.push({ id: event.id, body: event.body });
    return {};
  }

  async check(signal: AbortSignal): Promise<Record<string, never>> {
    if (this.closed || this.mode === "down") throw new DeliveryError("DELIVERY_FAILED", "later");
    if (this.mode === "refusing") throw new DeliveryError("DELIVERY_FAILED", "never");
    if (this.mode === "stalling") {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new DeliveryError("DELIVERY_TIMEOUT", "later");
    }
    return {};
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

type Break = (target: FakeTarget, honest: Sender) => Partial<Sender>;

function harness(breakIt: Break = () => ({})): Harness {
  const target = new FakeTarget();
  const honest: Sender = {
    deliver: (event, signal) => target.deliver(event, signal),
    check: (signal) => target.check(signal),
    close: () => target.close(),
  };
  return {
    sender: { ...honest, ...breakIt(target, honest) },
    arrivals: async () => target.taken,
    async outage() {
      target.mode = "down";
      return async () => {
        target.mode = "up";
      };
    },
    refuse: async () => {
      target.mode = "refusing";
    },
    refusal: "never",
    stall: async () => {
      target.mode = "stalling";
    },
    stop: async () => {},
  };
}

const withBody = (event: OutgoingEvent, body: string): OutgoingEvent => ({
  ...event,
  body: Buffer.from(body),
});

/** Each breaks what its case is about. */
const broken: Record<CaseName, Record<string, Break>> = {
  "delivers exactly the bytes it was given": {
    "re-serialises the body": (target) => ({
      deliver: (event, signal) =>
        target.deliver(withBody(event, JSON.stringify(JSON.parse(event.body.toString()))), signal),
    }),
    "sends it twice": (target) => ({
      async deliver(event, signal) {
        await target.deliver(event, signal);
        return target.deliver(event, signal);
      },
    }),
    "sends nothing": () => ({ deliver: async () => ({}) }),
  },
  "an outage is tried again later, and then succeeds": {
    "swallows the failure": (_, honest) => ({
      deliver: (event, signal) => honest.deliver(event, signal).catch(() => ({})),
    }),
    "gives up": (_, honest) => ({
      deliver: (event, signal) =>
        honest
          .deliver(event, signal)
          .catch(() => Promise.reject(new DeliveryError("DELIVERY_FAILED", "never"))),
    }),
    "throws what is no DeliveryError": (_, honest) => ({
      deliver: (event, signal) =>
        honest.deliver(event, signal).catch(() => Promise.reject(new Error("down"))),
    }),
  },
  "a refusal is classified and leaves nothing": {
    "takes a refusal for an outage": (_, honest) => ({
      deliver: (event, signal) =>
        honest
          .deliver(event, signal)
          .catch(() => Promise.reject(new DeliveryError("DELIVERY_FAILED", "later"))),
    }),
    "leaves half of it": (target, honest) => ({
      deliver(event, signal) {
        target.taken.push({ id: event.id, body: event.body.subarray(0, 5) });
        return honest.deliver(event, signal);
      },
    }),
  },
  "an aborted delivery says later, at once": {
    "does not listen to the signal": (_, honest) => ({
      deliver: (event) => honest.deliver(event, AbortSignal.timeout(3_500)),
    }),
    "says never": (_, honest) => ({
      deliver: (event, signal) =>
        honest
          .deliver(event, signal)
          .catch(() => Promise.reject(new DeliveryError("DELIVERY_TIMEOUT", "never"))),
    }),
    "says it arrived": (_, honest) => ({
      deliver: (event, signal) => honest.deliver(event, signal).catch(() => ({})),
    }),
  },
  "the same event twice arrives under the same id": {
    "makes its own ids": (target) => ({
      deliver: (event, signal) => target.deliver({ ...event, id: String(target.taken.length) }, signal),
    }),
    "sends nothing": () => ({ deliver: async () => ({}) }),
  },
  "deliveries side by side do not mix": {
    "shares one buffer": (target) => {
      let shared: OutgoingEvent;
      return {
        async deliver(event, signal) {
          shared = event;
          await new Promise((resolve) => setTimeout(resolve, 1));
          return target.deliver({ ...event, body: shared.body }, signal);
        },
      };
    },
  },
  "check succeeds on a target that works and fails on one that is away": {
    "is always happy": () => ({ check: async () => ({}) }),
    "is never happy": () => ({ check: () => Promise.reject(new DeliveryError("DELIVERY_FAILED", "later")) }),
  },
  "close may be called twice and ends the sender": {
    "closes once only": (target) => ({
      async close() {
        if (target.closed) throw new Error("closed already");
        target.closed = true;
      },
    }),
    "does not close": () => ({ close: async () => {} }),
  },
};

describe("the conformance suite", () => {
  it.each(Object.keys(cases) as CaseName[])("passes an honest destination: %s", async (name) => {
    await cases[name](harness());
  });

  const fakes = Object.entries(broken).flatMap(([name, breaks]) =>
    Object.entries(breaks).map(([how, breakIt]) => [name as CaseName, how, breakIt] as const),
  );
  it.each(fakes)("%s: fails one that %s", async (name, _, breakIt) => {
    await expect(cases[name](harness(breakIt))).rejects.toThrow();
  });
});
