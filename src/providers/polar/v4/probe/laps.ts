/** Tells whether a lap's `splitTimeMillis` is its start or its end, which nobody has settled (POLAR-V4 §5). */

interface Lap {
  readonly splitTimeMillis?: unknown;
  readonly durationMillis?: unknown;
}

const number = (value: unknown): number =>
  value === undefined || value === null ? Number.NaN : Number(value);

/** Clocks of laps and their sums may differ by rounding. */
const toleranceMs = 1_500;

function formOf(laps: readonly Lap[]): "start" | "end" | "unclear" {
  let elapsedMs = 0;
  let asStart = laps.length > 0;
  let asEnd = laps.length > 0;
  for (const lap of laps) {
    const splitMs = number(lap.splitTimeMillis);
    asStart &&= Math.abs(splitMs - elapsedMs) <= toleranceMs;
    elapsedMs += number(lap.durationMillis);
    asEnd &&= Math.abs(splitMs - elapsedMs) <= toleranceMs;
  }
  if (asStart === asEnd) return "unclear";
  return asStart ? "start" : "end";
}

function listsOf(exercise: object): readonly (readonly Lap[])[] {
  const { laps } = exercise as { laps?: unknown };
  const kinds = typeof laps === "object" && laps !== null ? Object.values(laps) : [];
  return kinds.filter((kind): kind is Lap[] => Array.isArray(kind) && kind.length > 0);
}

export function lapsVerdict(exercises: readonly object[]): string {
  const forms = new Set(exercises.flatMap(listsOf).map(formOf));
  if (forms.size === 0) return "The session has no laps: splitTimeMillis stays open.";
  if (forms.size > 1 || forms.has("unclear"))
    return "splitTimeMillis is neither the start nor the end of each lap.";
  return forms.has("start")
    ? "splitTimeMillis is the start of a lap."
    : "splitTimeMillis is the end of a lap.";
}
