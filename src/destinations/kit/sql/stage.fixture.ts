/** Tests on a real SQL server, each in a place of its own. */
import { beforeAll, it } from "vitest";
import { bringUpMs, isUnavailable, type Unavailable } from "../../../../test/servers/server.ts";
import { openGuard } from "../../conformance/bench.ts";
import type { Settings } from "../../conformance/target.ts";
import type { Destination, Sender, SenderContext } from "../../destination.ts";
import { parseSettings } from "../../settings.ts";
import type { SqlTarget } from "./place.fixture.ts";

export interface Kind<Target extends SqlTarget = SqlTarget> {
  readonly destination: Destination;
  startTarget(): Promise<Target | Unavailable>;
}

export interface Stage<Target extends SqlTarget> {
  readonly target: Target;
  readonly place: Awaited<ReturnType<Target["open"]>>;
  /** A new sender, closed when the test is over. */
  connect(settings: Settings, context?: SenderContext): Sender;
}

export const deadline = (): AbortSignal => AbortSignal.timeout(30_000);

/** Returns the function that declares a test; where the server cannot be run, tests are skipped with the reason. */
export function onServer<Target extends SqlTarget>({ destination, startTarget }: Kind<Target>) {
  let target: Target | Unavailable;
  beforeAll(async () => {
    target = await startTarget();
  }, bringUpMs);
  return (name: string, test: (stage: Stage<Target>) => Promise<void>): void => {
    it(name, async ({ skip }) => {
      if (isUnavailable(target)) return skip(target.reason);
      const senders: Sender[] = [];
      const connect = (settings: Settings, context = openGuard): Sender => {
        const sender = destination.connect(parseSettings(destination, settings), context);
        senders.push(sender);
        return sender;
      };
      const place = (await target.open(target.address)) as Awaited<ReturnType<Target["open"]>>;
      try {
        await test({ target, place, connect });
      } finally {
        await Promise.all(senders.map((sender) => sender.close()));
        await place.close();
      }
    });
  };
}
