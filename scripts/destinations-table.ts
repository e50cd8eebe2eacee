/**
 * The table that `npm test` prints of destinations: which server each kind was tested with, and what was left
 * out and why.
 */
import type { CaseReport } from "../src/destinations/conformance/suite.ts";

/** One case of the suite, as Vitest's JSON report has it. */
export interface ReportedCase extends CaseReport {
  readonly status: "passed" | "failed" | "skipped";
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly meta?: { readonly destination?: CaseReport };
    }[];
  }[];
}

export function reportedCases({ testResults }: VitestReport): ReportedCase[] {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ status, meta }) => {
      if (meta?.destination === undefined) return [];
      const known = status === "passed" || status === "failed" ? status : "skipped";
      return [{ ...meta.destination, status: known }];
    });
}

/** Returns the lines to print; a kind that should have been run and was not is shown prominently. */
export function destinationsTable(
  cases: readonly ReportedCase[],
  expectedKinds: readonly string[],
): string[] {
  const byKind = Map.groupBy(cases, ({ kind }) => kind);
  const kinds = [...new Set([...byKind.keys(), ...expectedKinds])].sort();
  if (kinds.length === 0) return [];
  const run = kinds.filter((kind) => byKind.get(kind)?.some(({ server }) => server !== null));
  const rows = run.map((kind) => row(kind, byKind.get(kind) ?? []));
  const notRun = kinds.filter((kind) => !run.includes(kind)).map((kind) => whyNot(kind, byKind.get(kind)));
  return [
    "Destinations",
    ...columns([header, ...rows]),
    ...run.flatMap((kind) => skips(byKind.get(kind))),
    ...notRun,
  ];
}

const header = ["destination", "server", "passed", "failed", "skipped"];

function row(kind: string, cases: readonly ReportedCase[]): string[] {
  const count = (status: ReportedCase["status"]) => cases.filter((each) => each.status === status).length;
  const server = cases.find((each) => each.server !== null)?.server ?? "";
  return [kind, server, ...(["passed", "failed", "skipped"] as const).map((status) => String(count(status)))];
}

/** Returns one line per reason, since one often applies to several cases. */
function skips(cases: readonly ReportedCase[] = []): string[] {
  const skipped = cases.filter(({ status }) => status === "skipped");
  const byReason = Map.groupBy(skipped, ({ reason }) => reason ?? "for no reason given");
  return [...byReason].map(([reason, alike]) => {
    const names = alike.map((each) => each.case).join("; ");
    return `  skipped by ${alike[0]?.kind}, ${reason}: ${names}`;
  });
}

function whyNot(kind: string, cases: readonly ReportedCase[] = []): string {
  const reason = cases.find((each) => each.reason !== null)?.reason;
  return `  NOT RUN: ${kind}: ${reason ?? "its server did not start, or it has no conformance tests"}`;
}

/** Aligns columns left, two blanks apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((each) => each[index]?.length ?? 0))) ?? [];
  return rows.map((each) =>
    `  ${each.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd(),
  );
}
