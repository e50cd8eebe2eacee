/**
 * An export of a phone: from the file to folded parts, with everything an import does except its database. The floor is a
 * bare parser that counts the elements of the same file. Memory is measured at two sizes, since it must not grow.
 * `apple:1000` measures a file of 1000 MB in place of the larger one.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Bench } from "./support/benchmark.ts";
import { writeExport } from "./support/health-export.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round, takeTurns } from "./support/rounds.ts";

const rounds = 3;
const smallMb = 50;
const usualMb = 200;
/** A person with a Watch has about 300 MB in a year. */
const mbOfYear = 300;
const megabyte = 1_000_000;
const mebibyte = 1_024 ** 2;

interface Reading {
  readonly seconds: number;
  readonly count: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

export async function benchApple({ progress, parts: [asked] }: Bench): Promise<Result[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bench-"));
  const [small, large] = [path.join(directory, "small.xml"), path.join(directory, "large.xml")];
  const largeMb = Number(asked ?? usualMb);
  try {
    progress(`writing exports of ${smallMb} and ${largeMb} MB`);
    await writeExport(small, sizeOf(smallMb));
    const records = await writeExport(large, sizeOf(largeMb));
    progress(`reading ${records} records, ${rounds} times`);
    const floor = () => read(large, "elements");
    const turns = await takeTurns(rounds, () => read(large, "import"), floor);
    const ofSmall = await read(small, "import");
    return [...rates(turns, records, largeMb), memory(turns, ofSmall, largeMb)];
  } finally {
    await rm(directory, { recursive: true });
  }
}

const sizeOf = (mb: number) => ({ bytes: mb * megabyte, years: mb / mbOfYear });

/** The limits of the thread that reads files. */
const execArgv = ["--max-old-space-size=192", "--max-semi-space-size=8"];

/** Every reading is a process of its own, so that each has its own peak. */
async function read(file: string, side: "import" | "elements"): Promise<Reading> {
  const child = fork(path.join(import.meta.dirname, "servers/read-export.ts"), [file, side], { execArgv });
  const exited = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  const [reading] = await Promise.race([once(child, "message"), exited]);
  return reading as Reading;
}

function rates(turns: readonly Round<Reading>[], records: number, mb: number): Result[] {
  const against = "a bare saxes parser that counts elements";
  const rate = (of: (reading: Reading) => number) =>
    compare(
      turns.map(({ ours, floor }) => ({ ours: of(ours), floor: of(floor) })),
      "higher",
    );
  const common = { benchmark: "apple", unit: "/s" as const, against };
  return [
    { ...common, what: `records of ${mb} MB of XML`, ...rate(({ seconds }) => records / seconds), aim: 2.5 },
    { ...common, what: "the same in MB", ...rate(({ seconds, bytes }) => bytes / megabyte / seconds) },
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
