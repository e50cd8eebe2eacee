/** The report of a soak, as in bench/soak.md. */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export interface Check {
  readonly what: string;
  readonly found: string;
  readonly passed: boolean;
}

export interface SoakReport {
  readonly command: string;
  readonly postgres: string;
  readonly servers: readonly string[];
  readonly checks: readonly Check[];
  readonly tally: ReadonlyMap<string, number>;
  readonly facts: readonly (readonly [string, string])[];
}

const file = path.resolve(import.meta.dirname, "../soak.md");

export function textOf(report: SoakReport): string {
  const { command, postgres, servers, checks, tally, facts } = report;
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} cores (${cpu?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.arch()}, Node ${process.versions.node}`;
  const rows = checks.map(
    ({ what, found, passed }) => `| ${passed ? "yes" : "**NO**"} | ${what} | ${found} |`,
  );
  const troubles = [...tally].sort().map(([what, times]) => `| ${what} | ${times} |`);
  return `# Soak

What \`${command}\` found on ${new Date().toISOString().slice(0, 10)}: ${checks.every(({ passed }) => passed) ? "all held." : "**not all held.**"}

Machine: ${machine}. Systole's database: ${postgres}. Destinations: ${servers.join(", ")}. Everything ran on this one machine, the servers and the program that breaks them included.

| Held | What | Found |
|---|---|---|
${rows.join("\n")}

## What went wrong on purpose

| Trouble | Times |
|---|---|
${troubles.join("\n")}

## In figures

| | |
|---|---|
${facts.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}
`;
}

export const keep = (text: string): Promise<void> => writeFile(file, text);
