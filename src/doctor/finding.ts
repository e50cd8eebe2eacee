/** The result of a check of `systole doctor`. */

export type Level = "ok" | "warning" | "error";

export interface Finding {
  /** The name of the check. */
  readonly check: string;
  readonly level: Level;
  /** One sentence about how it is. */
  readonly says: string;
  /** The remedy; null when nothing is wrong. */
  readonly remedy: string | null;
}

export const ok = (check: string, says: string): Finding => ({ check, level: "ok", says, remedy: null });
export const warning = (check: string, says: string, remedy: string): Finding => ({
  check,
  level: "warning",
  says,
  remedy,
});
export const failure = (check: string, says: string, remedy: string): Finding => ({
  check,
  level: "error",
  says,
  remedy,
});
