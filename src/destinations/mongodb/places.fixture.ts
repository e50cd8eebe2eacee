/** Tests on the real server beyond the suite: each has a place of its own, and its senders are closed afterwards. */
import { afterAll, beforeAll, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { openGuard } from "../conformance/bench.ts";
import type { Settings } from "../conformance/target.ts";
import type { Sender, SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import mongodb from "./index.ts";
import { type MongoPlace, type MongoTarget, startTarget } from "./target.ts";

export interface Given {
  readonly target: MongoTarget;
  readonly place: MongoPlace;
  connect(settings?: Settings, context?: SenderContext): Sender;
}

export type WithPlace = (name: string, run: (given: Given) => Promise<void>) => void;

export function usePlaces(): WithPlace {
  let target: MongoTarget | { readonly reason: string };
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
      const connect: Given["connect"] = (settings = {}, context = openGuard) => {
        const sender = mongodb.connect(parseSettings(mongodb, { ...place.settings, ...settings }), context);
        senders.push(sender);
        return sender;
      };
      try {
        await run({ target, place, connect });
      } finally {
        await Promise.all(senders.map((sender) => sender.close()));
        await place.close();
      }
    });
  };
}
