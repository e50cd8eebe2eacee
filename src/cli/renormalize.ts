/** `systole renormalize`: begins a job on the server, and shows its progress. */
import { setTimeout as pause } from "node:timers/promises";
import { type AdminAddress, getAdmin, postAdmin, RefusedError } from "./admin-client.ts";
import { parseRenormalize, type RenormalizeAction, renormalizeHelp } from "./renormalize-options.ts";
import { progressBar, progressLine, type ShownJob, summaryOf } from "./renormalize-report.ts";
import { addressOf, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

export interface RenormalizeTerminal extends Terminal {
  /** Whether `err` shows a moving progress bar; otherwise it gets a line at intervals. */
  readonly isTTY: boolean;
  /** The time between two looks; half a second by default. */
  readonly lookMs?: number;
}

const looksPerLine = 10;

/** Returns the exit code. */
export async function runRenormalize(
  args: readonly string[],
  terminal: RenormalizeTerminal,
): Promise<number> {
  try {
    const { action, ...where } = parseRenormalize(args, new Date());
    if (action.kind === "help") {
      terminal.out.write(renormalizeHelp);
      return 0;
    }
    return await act(action, addressOf(where, terminal.env), terminal);
  } catch (error) {
    if (error instanceof RefusedError) {
      terminal.err.write(`${error.message}\n`);
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\n\n${renormalizeHelp}`);
    return 2;
  }
}

async function act(
  action: Exclude<RenormalizeAction, { kind: "help" }>,
  address: AdminAddress,
  terminal: RenormalizeTerminal,
): Promise<number> {
  if (action.kind === "begin") {
    const job = await postAdmin(address, "/renormalizations", action.body);
    terminal.err.write(`job ${job.id}\n`);
    return watch(address, String(job.id), terminal);
  }
  const path = pathOf(action.id);
  if (action.kind === "watch") return watch(address, action.id, terminal);
  const job = (await postAdmin(address, `${path}/${action.kind}`, {})) as unknown as ShownJob;
  if (action.kind === "resume") return watch(address, action.id, terminal);
  terminal.out.write(`cancelled after ${progressLine(job)}\n`);
  return 0;
}

const pathOf = (id: string): string => `/renormalizations/${encodeURIComponent(id)}`;

/** @throws RefusedError */
async function watch(address: AdminAddress, id: string, terminal: RenormalizeTerminal): Promise<number> {
  const { err, signal, isTTY, lookMs = 500 } = terminal;
  for (let look = 0; ; look++) {
    const job = (await getAdmin(address, pathOf(id))) as unknown as ShownJob;
    if (isTTY) err.write(`\r\u001b[K${progressBar(job)}`);
    else if (look > 0 && look % looksPerLine === 0 && job.state === "running") {
      err.write(`${progressLine(job)}\n`);
    }
    if (job.state !== "running" || signal.aborted) {
      if (isTTY) err.write("\n");
      return end(job, terminal);
    }
    await pause(lookMs, undefined, { signal }).catch(() => {});
  }
}

function end(job: ShownJob, { out, err }: RenormalizeTerminal): number {
  if (job.state === "running") {
    err.write(
      `It goes on without you. To see how far it is: --watch ${job.id}; to stop it: --cancel ${job.id}\n`,
    );
    return 130;
  }
  out.write(summaryOf(job));
  if (job.state === "done") return 0;
  const why = job.state === "failed" ? `failed (${job.code})` : "was cancelled";
  err.write(`It ${why} after ${progressLine(job)}. To go on: --resume ${job.id}\n`);
  return job.state === "failed" ? 1 : 3;
}
