/**
 * An export of a phone that the sandbox plays: from export.zip to folded parts, with everything an import does except its
 * database. The floor unpacks the same file and counts its elements with a bare parser. Time is that of the processor:
 * other work on the machine counts for neither. Memory is measured at two sizes, since it must not grow. `apple:1000`
 * measures a file of 1000 MB in place of the larger one; no file is kept.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { writeExport } from "../src/sandbox/apple/formats/export-zip.ts";
import { usualProfile, wearerOf } from "../src/sandbox/apple/generate/person.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round, takeTurns } from "./support/rounds.ts";

const rounds = 3;
const smallMb = 50;
const usualMb = 200;
/** What the sandbox's person fills in a day. */
const mbOfDay = 0.58;
const now = Date.UTC(2026, 0, 20, 21);
const megabyte = 1_000_000;
const mebibyte = 1_024 ** 2;

interface Reading {
  readonly cpuSeconds: number;
  readonly count: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

export async function benchApple({ progress, parts: [asked] }: Bench): Promise<Result[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bench-"));
  const [small, large] = [path.join(directory, "small.zip"), path.join(directory, "large.zip")];
  const largeMb = Number(asked ?? usualMb);
  try {
    progress(`writing exports of ${smallMb} and ${largeMb} MB`);
    await write(small, smallMb);
    await write(large, largeMb);
    progress(`reading them, ${rounds} times`);
    const floor = () => read(large, "elements");
    const turns = await takeTurns(rounds, () => read(large, "import"), floor);
    const ofSmall = await read(small, "import");
    return [...rates(turns, largeMb), memory(turns, ofSmall, largeMb)];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function write(file: string, mb: number): Promise<void> {
  const out = createWriteStream(file);
  const written = once(out, "finish");
  await writeExport(out, wearerOf(usualProfile, 1, now), { days: Math.round(mb / mbOfDay), now });
  await written;
}

/** The limits of the thread that reads files. */
const execArgv = ["--max-old-space-size=192", "--max-semi-space-size=8"];

/** Every reading is a process of its own, so that each has its own peak. */
async function read(file: string, side: "import" | "elements"): Promise<Reading> {
  const child = fork(path.join(import.meta.dirname, "servers/read-export.ts"), [file, side], { execArgv });
  const exited = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  const [reading] = await Promise.race([once(child, "message"), exited]);
  return reading as Reading;
}

function rates(turns: readonly Round<Reading>[], mb: number): Result[] {
  // The floor counts elements; a rate of records needs those of the import.
  const records = turns[0]?.ours.count ?? 0;
  const rate = (of: (reading: Reading) => number) =>
    compare(
      turns.map(({ ours, floor }) => ({ ours: of(ours), floor: of(floor) })),
      "higher",
    );
  const against = "the file unpacked, and a bare saxes parser that counts elements";
  const common = { benchmark: "apple", unit: "/s" as const, against };
  return [
    {
      ...common,
      what: `records of ${mb} MB of XML`,
      ...rate(({ cpuSeconds }) => records / cpuSeconds),
      aim: 2.5,
    },
    { ...common, what: "the same in MB", ...rate(({ cpuSeconds, bytes }) => bytes / megabyte / cpuSeconds) },
  ];
}

function memory(turns: readonly Round<Reading>[], small: Reading, mb: number): Result {
  const peaks = turns.map(({ ours }) => ({
    ours: ours.peakBytes / mebibyte,
    floor: small.peakBytes / mebibyte,
  }));
  const against = `the same with ${smallMb} MB`;
  return {
    benchmark: "apple",
    what: `peak memory with ${mb} MB`,
    unit: "MiB",
    ...compare(peaks, "lower"),
    against,
  };
}
