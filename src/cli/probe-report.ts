/** The report of a probe in Markdown. */
import type { ProbeCheck, ProbeFinding } from "../providers/provider.ts";

/** A check with its result; `left` is the option that it was left out for. */
export interface ProbedCheck extends Pick<ProbeCheck<unknown>, "name" | "title"> {
  readonly left: ProbeCheck<unknown>["option"] | null;
  readonly findings: readonly ProbeFinding[];
  readonly error: string | null;
}

export const probeReport = (displayName: string, checks: readonly ProbedCheck[]): string =>
  `# Probe of ${displayName}\n\nKeys and kinds of values; no personal value is in this report.\n${checks.map(checkText).join("")}`;

function checkText({ title, left, findings, error }: ProbedCheck): string {
  const skipped = left ? `\nNot made: it needs --${left.name}, which ${lowerFirst(left.changes)}\n` : "";
  const failed = error === null ? "" : `\n**Could not be made:** ${error}\n`;
  return `\n## ${title}\n${skipped}${findings.map(findingText).join("")}${failed}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function findingText({ request, status, shape, facts, verdict }: ProbeFinding): string {
  const asked = request === null ? "" : `\n\`${request}\` → ${status ?? "no answer"}\n`;
  const known = Object.entries(facts).map(([name, value]) => `- ${name}: ${value ?? "none"}\n`);
  const shown = shape.length === 0 ? "" : `\n\`\`\`text\n${shape.join("\n")}\n\`\`\`\n`;
  const list = known.length === 0 ? "" : `\n${known.join("")}`;
  return `${asked}\n**${verdict}**\n${list}${shown}`;
}
