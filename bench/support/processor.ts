/** Time of the processor, which a busy machine changes less than time on the clock. Of PostgreSQL as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";

/** Milliseconds of this process, its threads included. */
export function ownProcessorMs(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1_000;
}

/** The kernel's unit of the times in /proc, on every Linux that Node supports. */
const tickMs = 10;

interface Times {
  readonly parent: number;
  readonly ownMs: number;
  /** The same of its children that have ended. */
  readonly endedMs: number;
}

/** Returns null for a process that has ended. @throws where there is no /proc */
function timesOf(pid: number): Times | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (process.platform === "linux") return null;
    throw new Error("times of the processor are read from /proc, which only Linux has", { cause: error });
  }
  // The name may have spaces and parentheses of its own; the fields after it are numbered from 3, the state.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = (field: number): number => Number(fields[field - 3]);
  return {
    parent: ticks(4),
    ownMs: (ticks(14) + ticks(15)) * tickMs,
    endedMs: (ticks(16) + ticks(17)) * tickMs,
  };
}

const processes = (): number[] =>
  readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** Milliseconds of a process and all its children, also those that have ended. */
export function familyMs(pid: number): number {
  const parent = timesOf(pid);
  if (parent === null) throw new Error(`there is no process ${pid}`);
  return processes().reduce((sum, child) => {
    const times = timesOf(child);
    return times?.parent === pid ? sum + times.ownMs : sum;
  }, parent.ownMs + parent.endedMs);
}

/** Returns the process that all of a PostgreSQL server's processes belong to; the server is on this machine. */
export async function postmasterOf(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    const backend = timesOf(rows[0].pid);
    if (backend === null) throw new Error("PostgreSQL does not run on this machine");
    return backend.parent;
  } finally {
    await client.end();
  }
}
