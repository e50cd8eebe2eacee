/** Programs that read FIT and that others wrote, as the tests ask them: gpsbabel, pytrainer's fit2tcx, ExifTool. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { aptInstall, type Unavailable } from "../../../../test/servers/support/install.ts";

const gpsbabelFile = "/usr/bin/gpsbabel";
const fit2tcxFile = "/usr/share/pytrainer/plugins/garmin-fit/bin/fit2tcx";
const packages = ["gpsbabel", "pytrainer"];
const output = { maxBuffer: 256 * 1024 * 1024 };
const run = promisify(execFile);

/** How long a hook should wait for `findReaders`: the first time it may install them. */
export const installMs = 10 * 60_000;

/** Returns null when the readers from Debian packages are there, installed if necessary; else why they are not. */
export const findReaders = (): Promise<Unavailable | null> =>
  aptInstall(packages, () => [gpsbabelFile, fit2tcxFile].every((file) => existsSync(file)));

/** A point of a TCX file, which two of the readers write. */
export interface TrackPoint {
  readonly time: number;
  readonly heartRate: number | null;
  readonly distance: number | null;
  readonly latitude: number | null;
  readonly altitude: number | null;
}

export interface Tcx {
  readonly text: string;
  readonly points: TrackPoint[];
  readonly laps: number;
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function readTcx(text: string): Tcx {
  const points = [...text.matchAll(/<Trackpoint>(.*?)<\/Trackpoint>/gs)].map(([, point = ""]) => ({
    time: Date.parse(/<Time>(.*?)<\/Time>/.exec(point)?.[1] ?? ""),
    heartRate: numberIn(point, /<HeartRateBpm[^>]*>\s*<Value>(.*?)<\/Value>/s),
    distance: numberIn(point, /<DistanceMeters>(.*?)</),
    latitude: numberIn(point, /<LatitudeDegrees>(.*?)</),
    altitude: numberIn(point, /<AltitudeMeters>(.*?)</),
  }));
  return { text, points, laps: text.match(/<Lap\b/g)?.length ?? 0 };
}

/** @throws Error when gpsbabel refuses the file */
export async function gpsbabel(file: string): Promise<Tcx> {
  const args = ["-i", "garmin_fit,allpoints", "-f", file, "-o", "gtrnctr,course=0", "-F", "-"];
  const { stdout } = await run(gpsbabelFile, args, output);
  return readTcx(stdout);
}

/** Returns an empty text where the file lacks a message that an activity must have. */
export async function fit2tcx(file: string): Promise<Tcx> {
  const { stdout } = await run("perl", [fit2tcxFile, file], output);
  return readTcx(stdout);
}

const exiftoolFile = path.join(
  path.dirname(createRequire(import.meta.url).resolve("exiftool-vendored.pl")),
  "bin/exiftool",
);

/** The tags of a file by their names, each with its values in the order of the file. */
export type Tags = ReadonlyMap<string, readonly unknown[]>;

/** Returns ExifTool's tags of the files of a directory, by the name of the file. */
export async function exiftool(directory: string): Promise<Map<string, Tags>> {
  const args = [exiftoolFile, "-json", "-n", "-ee3", "-G3:4", "-a", "-u", directory];
  const { stdout } = await run("perl", args, output);
  const files: Record<string, unknown>[] = JSON.parse(stdout);
  return new Map(files.map((tags) => [path.basename(String(tags.SourceFile)), byName(tags)]));
}

function byName(tags: Record<string, unknown>): Tags {
  const values = new Map<string, unknown[]>();
  for (const [key, value] of Object.entries(tags)) {
    const name = key.split(":").at(-1) ?? key;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
