/** Shows a job that rebuilds records: one line while it runs, a summary at its end. */

/** The job as the admin API shows it. */
export interface ShownJob {
  readonly id: string;
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly dry_run: boolean;
  readonly progress: {
    readonly phase: string;
    readonly records: number;
    readonly records_total: number;
    readonly payloads: number;
    readonly payloads_total: number;
  };
  readonly types: Readonly<Record<string, ShownCounts>>;
  readonly unreadable_payloads: Readonly<Record<string, number>>;
  readonly events: number;
  readonly differences: readonly ShownDifference[];
  readonly differences_left_out: number;
  readonly code: string | null;
}

interface ShownCounts {
  readonly identical: number;
  readonly changed: number;
  readonly new: number;
  readonly unmakeable: Readonly<Record<string, number>>;
}

interface ShownDifference {
  readonly type: string;
  readonly path: string;
  readonly kind: string;
  readonly records: number;
  readonly example: { readonly user_id: string; readonly natural_key: string; readonly path: string };
}

const barWidth = 30;

export function progressBar(job: ShownJob): string {
  const { records, records_total, payloads, payloads_total } = job.progress;
  const total = records_total + payloads_total;
  const share = job.state === "done" || total === 0 ? 1 : Math.min((records + payloads) / total, 1);
  const full = Math.floor(share * barWidth);
  const bar = "#".repeat(full) + "-".repeat(barWidth - full);
  return `[${bar}] ${Math.floor(share * 100)}%  ${progressLine(job)}`;
}

export function progressLine({ progress }: ShownJob): string {
  const { records, records_total, payloads, payloads_total } = progress;
  return `${records} of ${records_total} records, ${payloads} of ${payloads_total} payloads`;
}

/** Further differences are shown by the admin API. */
const maxShown = 40;

export function summaryOf(job: ShownJob): string {
  const types = Object.entries(job.types).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = job.differences.slice(0, maxShown);
  const further = job.differences.length - shown.length + job.differences_left_out;
  return [
    ...types.map(([type, counts]) => countsLine(type, counts)),
    ...(types.length === 0 ? ["no records"] : []),
    ...codeLines("payloads unreadable", job.unreadable_payloads),
    ...(job.events > 0 ? [`${job.events} ${job.events === 1 ? "event" : "events"} written`] : []),
    ...(shown.length > 0 ? ["", "What differs, in how many records:"] : []),
    ...shown.map(differenceLine),
    ...(further > 0 ? [`  and ${further} further paths`] : []),
    ...(job.dry_run ? ["", "dry run: nothing was written"] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function countsLine(type: string, { identical, changed, new: made, unmakeable }: ShownCounts): string {
  return [
    `${type}: ${identical} identical, ${changed} changed, ${made} new`,
    ...codeLines("unmakeable", unmakeable),
  ].join(", ");
}

const codeLines = (what: string, codes: Readonly<Record<string, number>>): string[] =>
  Object.entries(codes).map(([code, count]) => `${count} ${what} (${code})`);

function differenceLine({ type, path, kind, records, example }: ShownDifference): string {
  const where = `${example.user_id} ${example.natural_key}${example.path === path ? "" : ` ${example.path}`}`;
  return `  ${String(records).padStart(6)}  ${type}  ${path === "" ? "(all of it)" : path}  ${kind}, e.g. ${where}`;
}
