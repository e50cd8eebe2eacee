/** `systole doctor`: what is wrong, and what to do. */
import { examine } from "../doctor/examine.ts";
import type { Finding, Level } from "../doctor/finding.ts";
import { runCommandLine } from "./command.ts";
import type { Terminal } from "./terminal.ts";

const help = `Says on one page what is wrong and what to do: settings, database, secret key, destinations, queue, providers, disk,
public URL and its certificate. It changes nothing, and works while the server runs or when it cannot start.

  npm run systole -- doctor

  --json   every finding as JSON
  --help

It needs the server's own settings. Exit codes: 0 nothing is wrong, or only warnings; 1 an error; 2 the command line is
wrong.
`;

const options = { json: { type: "boolean" } } as const;
const marks: Readonly<Record<Level, string>> = { ok: "ok     ", warning: "warning", error: "ERROR  " };

export const runDoctor = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, async ({ json = false }) => {
    const findings = await examine(terminal.env, terminal.signal);
    const isWrong = findings.some(({ level }) => level === "error");
    terminal.out.write(json ? `${JSON.stringify({ ok: !isWrong, findings }, null, 2)}\n` : page(findings));
    return isWrong ? 1 : 0;
  });

/** Findings in order: those that are wrong come first. */
function page(findings: readonly Finding[]): string {
  const order: readonly Level[] = ["error", "warning", "ok"];
  const sorted = order.flatMap((level) => findings.filter((finding) => finding.level === level));
  const lines = sorted.flatMap(({ check, level, says, remedy }) => [
    `${marks[level]}  ${check}: ${says}`,
    ...(remedy === null ? [] : [`         → ${remedy}`]),
  ]);
  return `${lines.join("\n")}\n`;
}
