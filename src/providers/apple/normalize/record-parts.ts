/** The parts of a record, read: items by resource, without the sources that the person ignores. */
import type { Part, PartsRef } from "../../provider.ts";
import {
  bodyResources,
  type Growing,
  type GrowingResource,
  samplesKey,
  settingsKey,
} from "../healthkit/growing-parts.ts";
import { quantityTypes } from "../healthkit/quantity-types.ts";
import type { ConnectionSettings } from "../healthkit/readings.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import { isNamed, sourceKey } from "../healthkit/source.ts";
import { type ClockOf, clocks } from "./local-clock.ts";

const noSettings: ConnectionSettings = { zone: null, priority: [], ignored: [], withBirthDate: false };

/** Tells whether the part is one of this resource, and so has its items. */
export const isGrowing = <Name extends GrowingResource>(
  name: Name,
  part: Part,
): part is Part<readonly Growing<Name>[]> => part.resource === name;

/** Returns the type of the samples of a part: `HKQuantityTypeIdentifierStepCount`. */
export const typeOfPart = ({ key }: Pick<Part, "key">): string => key.slice(key.indexOf("/") + 1);

export class RecordParts {
  readonly settings: ConnectionSettings;
  readonly clockOf: ClockOf;
  readonly #parts: readonly Part[];
  readonly #samples = new Map<string, Sample[]>();
  readonly #ordered = new Map<string, readonly Sample[]>();

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
    this.settings = this.items("settings")[0] ?? noSettings;
    this.clockOf = clocks(this.settings.zone);
    for (const part of parts) if (isGrowing("samples", part)) this.#addSamples(part);
  }

  #addSamples(part: Part<readonly Growing<"samples">[]>): void {
    const type = typeOfPart(part);
    const told = this.withoutIgnored(part.value).filter(
      ({ value }) => value !== null || !quantityTypes.has(type),
    );
    if (told.length > 0) this.#samples.set(type, [...(this.#samples.get(type) ?? []), ...told]);
  }

  /** Returns all items of a resource, whatever their source. */
  items<Name extends GrowingResource>(name: Name): Growing<Name>[] {
    return this.#parts.filter((part) => isGrowing(name, part)).flatMap(({ value }) => value);
  }

  withoutIgnored<Item extends { readonly source: Source }>(items: readonly Item[]): readonly Item[] {
    const { ignored } = this.settings;
    return ignored.length === 0 ? items : items.filter(({ source }) => !isNamed(source, ignored));
  }

  /** Returns the samples of a type, in order of time, without unreadable quantities and older versions. */
  samples(type: string): readonly Sample[] {
    const known = this.#ordered.get(type);
    if (known !== undefined) return known;
    const ordered = newestVersions(this.#samples.get(type) ?? []).toSorted(compareSamples);
    this.#ordered.set(type, ordered);
    return ordered;
  }
}

/** Apps write a corrected sample under the same identifier with a higher version. */
function newestVersions(samples: readonly Sample[]): Sample[] {
  const newest = new Map<string, number>();
  for (const sample of samples) {
    const { key, version } = versionOf(sample);
    if (key !== null) newest.set(key, Math.max(newest.get(key) ?? version, version));
  }
  if (newest.size === 0) return [...samples];
  return samples.filter((sample) => {
    const { key, version } = versionOf(sample);
    return key === null || newest.get(key) === version;
  });
}

function versionOf({ metadata, source }: Sample): { key: string | null; version: number } {
  const id = metadata.HKMetadataKeySyncIdentifier;
  const version = Number(metadata.HKMetadataKeySyncVersion ?? 0);
  if (id === undefined || !Number.isFinite(version)) return { key: null, version: 0 };
  return { key: `${sourceKey(source)} ${id}`, version };
}

/** Samples of one part differ in at least one of these: the fold keeps one for each identity. */
const contentKey = ({ value, source, zone, offsetMinutes }: Sample): string =>
  `${value} ${sourceKey(source)} ${zone} ${offsetMinutes}`;

const compareSamples = (one: Sample, other: Sample): number =>
  one.startMs - other.startMs || one.endMs - other.endMs || (contentKey(one) < contentKey(other) ? -1 : 1);

/** The connection's settings, which every record reads. */
export const settingsRef: PartsRef = { resource: "settings", key: settingsKey };

/** Returns references to the samples of these types on these UTC days. */
export const sampleRefs = (days: readonly string[], types: Iterable<string>): PartsRef[] =>
  [...types].flatMap((type) => days.map((day) => ({ resource: "samples", key: samplesKey(day, type) })));

/** Returns references to the parts of a resource that has one for each UTC day. */
export const dayRefs = (days: readonly string[], ...resources: GrowingResource[]): PartsRef[] =>
  resources.flatMap((resource) => days.map((key) => ({ resource, key })));

/** Returns the resources that a type of record needs: its own, and the bodies that bring them. */
export const needsOf = (...resources: GrowingResource[]): string[] => [
  ...resources,
  "settings",
  ...bodyResources,
];
