/**
 * Spans of a trace: what is done for a trace id, and how long it took. They are told where the wide log line of the
 * same work is written; nobody listens unless OpenTelemetry is configured (otlp.ts).
 */

export interface FinishedSpan {
  readonly name: string;
  /** Ours: a UUID, with more behind it for one of several records or attempts. */
  readonly traceId: string;
  readonly durationMs: number;
  /** Null values are left out. */
  readonly attributes: Readonly<Record<string, string | number | null | undefined>>;
  /** The code of the error; null when all went well. */
  readonly code: string | null;
  /** Whether the trace begins with it. */
  readonly isFirst?: boolean;
}

type Listener = (span: FinishedSpan) => void;

let listener: Listener | null = null;

export function recordSpan(span: FinishedSpan): void {
  listener?.(span);
}

/** One listener for the process; null ends it. */
export function listenToSpans(next: Listener | null): void {
  listener = next;
}
