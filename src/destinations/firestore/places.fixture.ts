/** Tests on the emulator beyond the suite: each has a place of its own, and its senders are closed afterwards. */
import { afterAll, beforeAll, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { openGuard } from "../conformance/bench.ts";
import type { Settings } from "../conformance/target.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import firestore from "./index.ts";
import { type FirestorePlace, type FirestoreTarget, startTarget } from "./target.ts";

export interface Given {
  readonly target: FirestoreTarget;
  readonly place: FirestorePlace;
  connect(settings?: Settings): Sender;
}

export type WithPlace = (name: string, run: (given: Given) => Promise<void>) => void;

export function usePlaces(): WithPlace {
  let target: FirestoreTarget | { readonly reason: string };
  beforeAll(async () => {
    target = await startTarget();
  }, bringUpMs);
  afterAll(async () => {
    if (!("reason" in target)) await target.close();
  });
  return (name, run) => {
    it(name, async ({ skip }) => {
      if ("reason" in target) return skip(target.reason);
      const place = await target.open(target.address);
      const senders: Sender[] = [];
      const connect: Given["connect"] = (settings = {}) => {
        const sender = firestore.connect(
          parseSettings(firestore, { ...place.settings, ...settings }),
          openGuard,
        );
        senders.push(sender);
        return sender;
      };
      try {
        await run({ target, place, connect });
      } finally {
        target.standIn.intercept = () => null;
        await Promise.all(senders.map((sender) => sender.close()));
        await place.close();
      }
    });
  };
}
