/** The kept database of a released version, and what its test has to know about it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { inOrderOf } from "./versions.ts";

/** Facts that `scene.json` holds beside the dump. Secrets are those of a test. */
export interface Scene {
  readonly version: string;
  /** The moment of the dump. */
  readonly keptAt: string;
  readonly secretKey: string;
  readonly userId: string;
  readonly destinationId: string;
  readonly renormalizationId: string;
  /** Workouts with an open fetch task, and the provider's answer for each. */
  readonly openExercises: Readonly<Record<string, unknown>>;
  /** Events that the receiver took before the dump. */
  readonly delivered: readonly string[];
  /** Events that wait for it: for a retry, or parked. */
  readonly waiting: readonly string[];
  /** Records at the moment of the dump, by type. */
  readonly records: Readonly<Record<string, number>>;
}

export interface KeptVersion {
  readonly scene: Scene;
  readonly sql: string;
}

const folder = import.meta.dirname;
export const sceneFile = "scene.json";
export const databaseFile = "database.sql.gz";

/** Returns the released versions whose databases are kept, the oldest first. */
export const keptVersions = (): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+\.\d+\.\d+/.test(entry.name))
    .map(({ name }) => name)
    .sort(inOrderOf);

export function readKept(version: string): KeptVersion {
  const read = (name: string): Buffer => readFileSync(path.join(folder, version, name));
  const sql = gunzipSync(read(databaseFile)).toString();
  return { scene: JSON.parse(read(sceneFile).toString()) as Scene, sql };
}
