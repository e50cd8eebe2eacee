/** Days by the calendar, in UTC: `2026-11-28`. */
export const dayMs = 86_400_000;

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

interface DayRange {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const isDay = (text: string | undefined): text is string =>
  text !== undefined && !Number.isNaN(Date.parse(text));

/** The instants at which a range of days begins and is over; the last day belongs to it. */
export const instantsOf = ({ since, until }: DayRange): DayRange => ({
  since: isDay(since) ? `${since}T00:00:00Z` : undefined,
  until: isDay(until) ? new Date(Date.parse(until) + dayMs).toISOString() : undefined,
});
