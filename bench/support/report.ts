/** The results of benchmarks, for people and for machines. */
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import type { Comparison, Spread } from "./rounds.ts";

export interface Result extends Comparison {
  readonly benchmark: string;
  /** The measured property, in a few words. */
  readonly what: string;
  readonly unit: "ms" | "/s" | "MiB" | "rows" | "statements";
  /** The floor's work. */
  readonly against: string;
  /** The ratio to aim at. */
  readonly aim?: number;
}

export interface Report {
  readonly at: string;
  readonly machine: Record<string, string | number>;
  readonly results: readonly Result[];
}

const resultsFile = path.resolve(import.meta.dirname, "../results/latest.json");

export function makeReport(results: readonly Result[], postgres: string | null): Report {
  const [cpu] = os.cpus();
  const machine = {
    cores: os.availableParallelism(),
    cpu: cpu?.model ?? "unknown",
    memory_gib: Math.round(os.totalmem() / 1_024 ** 3),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    ...(postgres !== null && { postgres }),
    systole: manifest.version,
  };
  return { at: new Date().toISOString(), machine, results };
}

export async function keepReport(report: Report): Promise<void> {
  await mkdir(path.dirname(resultsFile), { recursive: true });
  await writeFile(resultsFile, jsonOf(report));
}

export const jsonOf = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;

const headings = ["benchmark", "measured", "ours", "floor", "ratio", "(min–max)", "against"];

/** Returns a table that is readable in a terminal and in Markdown. */
export function tableOf({ at, machine, results }: Report): string {
  const rows = [headings, ...results.map(cells)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = "", ...body] = rows.map((row) => line(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `${[head, rule, ...body, "", `${at}: ${facts.join(", ")}`].join("\n")}\n`;
}

const line = (parts: readonly string[]): string => `| ${parts.join(" | ")} |`;

function cells({ benchmark, what, unit, ours, floor, ratio, aim, against }: Result): string[] {
  const aimed = aim === undefined ? "" : ` (aim ≤ ${aim})`;
  return [
    benchmark,
    what,
    `${figure(ours.median)} ${unit}`,
    `${figure(floor.median)} ${unit}`,
    `${ratio.median.toFixed(2)}${aimed}`,
    range(ratio),
    against,
  ];
}

const range = ({ min, max }: Spread): string => `${min.toFixed(2)}–${max.toFixed(2)}`;

/** Three significant digits; a noisy machine cannot promise more. */
const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
