/**
 * Reads the points of a GPX or TCX file, as other programs write them: activities that were imported into Garmin have
 * such a file. Laps and totals are not read, and speeds neither: some programs write km/h where m/s are meant.
 */
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { decimalNumber } from "../../kit/decimal.ts";
import { decodeXmlText } from "../../kit/files/text-encoding.ts";
import { unreadable } from "../../kit/files/unpack.ts";
import { instantMs, parseTime } from "../../kit/iso-time.ts";
import type { Fields } from "./series.ts";

export type TrackFormat = "gpx" | "tcx";

export interface Track {
  readonly format: TrackFormat;
  /** One record for each point with a time, with the names of the FIT profile. */
  readonly records: readonly Fields[];
}

const formats: Readonly<Record<string, TrackFormat>> = { gpx: "gpx", TrainingCenterDatabase: "tcx" };

const pointNames: ReadonlySet<string> = new Set(["trkpt", "Trackpoint"]);

/** The numbers of a point, by the local name of their element or attribute. */
const numberNames: Readonly<Record<string, string>> = {
  lat: "position_lat",
  lon: "position_long",
  LatitudeDegrees: "position_lat",
  LongitudeDegrees: "position_long",
  ele: "enhanced_altitude",
  AltitudeMeters: "enhanced_altitude",
  DistanceMeters: "distance",
  hr: "heart_rate",
  HeartRateBpm: "heart_rate",
  cad: "cadence",
  Cadence: "cadence",
  RunCadence: "cadence",
  atemp: "temperature",
  power: "power",
  PowerInWatts: "power",
  Watts: "power",
};

/** Degrees beyond which there is no place. */
const farthest: Readonly<Record<string, number>> = { position_lat: 90, position_long: 180 };

/**
 * Returns the points in the order of the file. Points without a time that names its zone are left out.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again
 */
export function trackOf(resource: string, bytes: Buffer, mostPoints: number): Track {
  const reader = new PointReader(mostPoints);
  try {
    const parser = new SaxesParser<{ xmlns: false }>();
    parser.on("opentag", (tag: SaxesTagPlain) => reader.open(tag));
    parser.on("closetag", () => reader.close());
    parser.on("text", (text) => reader.text(text));
    parser.on("cdata", (text) => reader.text(text));
    parser.write(decodeXmlText(bytes).trim()).close();
  } catch (cause) {
    throw unreadable(resource, "not XML, cut off, or with too many points", cause);
  }
  const format = formats[reader.root ?? ""];
  if (format === undefined) throw unreadable(resource, "neither GPX nor TCX");
  return { format, records: reader.records };
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

class PointReader {
  readonly records: Fields[] = [];
  root: string | null = null;
  readonly #mostPoints: number;
  #path: string[] = [];
  /** The texts of the point that is open, by name. */
  #point: Map<string, string> | null = null;

  constructor(mostPoints: number) {
    this.#mostPoints = mostPoints;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const local = localName(name);
    this.root ??= local;
    this.#path.push(local);
    if (pointNames.has(local)) this.#point = new Map(Object.entries(attributes));
  }

  text(text: string): void {
    const name = this.#path.at(-1) === "Value" ? this.#path.at(-2) : this.#path.at(-1);
    if (name !== undefined) this.#point?.set(name, (this.#point.get(name) ?? "") + text);
  }

  /** @throws RangeError with more points than any recording has */
  close(): void {
    const name = this.#path.pop();
    if (name === undefined || !pointNames.has(name) || this.#point === null) return;
    const record = recordOf(this.#point);
    if (record !== null) this.records.push(record);
    if (this.records.length > this.#mostPoints) throw new RangeError("more points than any recording has");
    this.#point = null;
  }
}

function recordOf(point: ReadonlyMap<string, string>): Fields | null {
  const timestamp = instantOf(point.get("time") ?? point.get("Time") ?? "");
  if (timestamp === null) return null;
  const record: Record<string, unknown> = { timestamp };
  for (const [name, text] of point) {
    const field = Object.hasOwn(numberNames, name) ? numberNames[name] : undefined;
    const value = decimalNumber(text);
    if (field !== undefined && value !== null && Math.abs(value) <= (farthest[field] ?? Number.MAX_VALUE))
      record[field] = value;
  }
  return record;
}

/** Returns the instant in UTC; null for what is no time, or does not name its zone. */
function instantOf(text: string): string | null {
  try {
    const time = parseTime(text.trim());
    return time.offsetMinutes === null ? null : new Date(instantMs(time)).toISOString();
  } catch {
    return null;
  }
}
