const DAY_MS = 86_400_000;

/** The time of all sandboxes of a process. After a move it runs on from the new time. */
export class Clock {
  #origin: number;
  #since = performance.now();
  readonly #moved: (() => void)[] = [];

  constructor(origin: Date = new Date()) {
    this.#origin = origin.getTime();
  }

  now(): number {
    return Math.floor(this.#origin + performance.now() - this.#since);
  }

  set(now: Date): void {
    this.#origin = now.getTime();
    this.#since = performance.now();
    for (const moved of this.#moved) moved();
  }

  /** Registers a function to be called after each move. */
  onMove(moved: () => void): void {
    this.#moved.push(moved);
  }

  /** Returns the time in UTC, in whole seconds. */
  stamp(): string {
    return secondsStamp(this.now());
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Returns the day in UTC. */
  today(): string {
    return this.iso().slice(0, 10);
  }
}

export function secondsStamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function isDate(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === text;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function addMonths(date: string, months: number): string {
  const time = new Date(`${date}T00:00:00Z`);
  const day = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate();
  time.setUTCDate(Math.min(day, lastDay));
  return time.toISOString().slice(0, 10);
}

/** Returns the number of whole days from one date to a later one. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

export function datesBetween(from: string, to: string): string[] {
  const count = daysBetween(from, to) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(from, index));
}
