/** `systole replay`: asks the admin API for a replay in parts, and shows its progress. */
import { type AdminAddress, postAdmin, RefusedError } from "./admin-client.ts";
import { parseReplay, type ReplayCommand, replayHelp } from "./replay-options.ts";
import { addressOf, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** The number of rows read in one request. */
const partSize = 10_000;

/** Returns the exit code. */
export async function runReplay(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const command = parseReplay(args, new Date());
    if (command.help) {
      terminal.out.write(replayHelp);
      return 0;
    }
    return await replay(command, addressOf(command, terminal.env), terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\n\n${replayHelp}`);
    return 2;
  }
}

interface Total {
  matched: number;
  deliveries: number;
  pending: number;
  inactive: number;
}

async function replay(command: ReplayCommand, address: AdminAddress, terminal: Terminal): Promise<number> {
  const total = { matched: 0, deliveries: 0, pending: 0, inactive: 0 };
  let after = command.after;
  for (;;) {
    let next: string | null;
    try {
      next = await replayPart(command, address, after, total);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const sofar = after === command.after ? "" : `${summary(command, total)}\n${goOn(after)}`;
      terminal.err.write(`${sofar}${error.message}\n`);
      return 1;
    }
    if (next === null) break;
    after = next;
    terminal.err.write(`${summary(command, total)} so far\n`);
    if (terminal.signal.aborted) {
      terminal.err.write(`Broken off. ${goOn(after)}`);
      return 130;
    }
  }
  terminal.out.write(`${summary(command, total)}${command.dryRun ? " (dry run: nothing was sent)" : ""}\n`);
  return 0;
}

/** @throws RefusedError */
async function replayPart(
  { dead, dryRun, body }: ReplayCommand,
  address: AdminAddress,
  after: string | null,
  total: Total,
): Promise<string | null> {
  const part = { limit: partSize, ...(after === null ? {} : { after }) };
  const path = dead ? "/dead-letters/replay" : "/events/replay";
  const answer = await postAdmin(address, path, { ...body, ...part, dry_run: dryRun });
  const count = (name: string): number => Number(answer[name] ?? 0);
  total.matched += count(dead ? "dead_letters" : "events");
  total.deliveries += count("deliveries");
  total.pending += count("already_pending");
  total.inactive += count("inactive");
  return typeof answer.next === "string" ? answer.next : null;
}

function summary({ dead, dryRun }: ReplayCommand, { matched, deliveries, pending, inactive }: Total): string {
  return [
    counted(matched, dead ? "dead letter" : "event"),
    `${counted(deliveries, "delivery")} ${dryRun ? "to plan" : "planned"}`,
    ...(pending > 0 ? [`${pending} on their way already`] : []),
    ...(inactive > 0 ? [`${inactive} left out: their destination is switched off`] : []),
  ].join(", ");
}

const counted = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : `${noun}s`.replace(/ys$/, "ies")}`;

const goOn = (after: string | null): string => `To go on: the same with --after ${after}\n`;
