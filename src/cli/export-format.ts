/** The contract of an export's format. */
import type { ExportFolder } from "./export-state.ts";

/** The first and the last day, by the records' own starts; null: from the beginning, or to the end. */
export interface Days {
  readonly since: string | null;
  readonly until: string | null;
}

export interface ExportStep {
  /** The place at which the user goes on; null when all of the user is written. */
  readonly place: string | null;
  /** The number of lines, or of files, of this step. */
  readonly written: number;
}

export interface ExportFormat {
  /** Yields the user_ids of everybody. */
  users(): AsyncIterable<string>;
  /** Writes the next part of a user, from the state's place on. @throws RefusedError */
  step(folder: ExportFolder, user: string): Promise<ExportStep>;
}
