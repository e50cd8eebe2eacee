/** Days by the calendar, in UTC: `2026-11-28`. */
export const dayMs = 86_400_000;

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
