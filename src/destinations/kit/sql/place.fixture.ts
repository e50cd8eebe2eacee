/** A place on an SQL server, for tests that the kinds share. */
import type { Address, Place, Settings, Target } from "../../conformance/target.ts";

/** Times as ISO texts in UTC, booleans as 0 and 1, so that both dialects return the same. */
export type Answer = Readonly<Record<string, string | number | null>>;

export interface SqlPlace extends Place {
  /** Runs a statement as a user with all permissions in the place's database, without our own code. */
  query(statement: string): Promise<Answer[]>;
  /** Runs a statement as the user of these settings. */
  queryAs(settings: Settings, statement: string): Promise<void>;
  /** The same place in the typed layout, with the least permissions that it needs. */
  readonly typed: Settings;
  /** The typed layout again, by a user who may also replace these views. */
  viewOwner(views: readonly string[]): Promise<Settings>;
}

export interface SqlTarget extends Target {
  open(reached: Address): Promise<SqlPlace>;
}

export function answer(row: object): Answer {
  const cells = Object.entries(row).map(([name, value]) => [name, cell(value)]);
  return Object.fromEntries(cells);
}

function cell(value: unknown): string | number | null {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "boolean") return Number(value);
  return value as string | number | null;
}
