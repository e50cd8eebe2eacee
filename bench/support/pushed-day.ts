/** A day as Health Auto Export pushes it when it is told not to aggregate: a heart rate every two seconds, 5 MB. */

const secondMs = 1_000;
const dayMs = 86_400_000;
const offsetMs = 3_600_000;

const written = (ms: number): string =>
  `${new Date(ms + offsetMs).toISOString().slice(0, 19).replace("T", " ")} +0100`;

/** @param day `2026-01-10` @param share how much of the day there is so far, up to 1 */
export function pushedDay(day: string, share = 1): string {
  const from = Date.parse(day) - offsetMs;
  const rows = (stepMs: number, row: (index: number) => object): object[] =>
    Array.from({ length: Math.floor((dayMs / stepMs) * share) }, (_, index) => ({
      date: written(from + index * stepMs),
      ...row(index),
      source: "Ann’s Apple Watch",
    }));
  const beats = (index: number) => 55 + ((index * 7) % 90);
  const metrics = [
    {
      name: "heart_rate",
      units: "count/min",
      data: rows(2 * secondMs, (index) => ({ Min: beats(index), Avg: beats(index), Max: beats(index) })),
    },
    {
      name: "active_energy",
      units: "kcal",
      data: rows(9 * secondMs, (index) => ({ qty: (index % 70) / 31 })),
    },
    { name: "step_count", units: "count", data: rows(60 * secondMs, (index) => ({ qty: index % 120 })) },
  ];
  return JSON.stringify({ data: { metrics, workouts: [] } });
}
