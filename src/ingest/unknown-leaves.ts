/**
 * Counts the leaves of fetched bodies that no ledger knows, and those that could not be read. The counts of
 * the metric are also stored, with a body to look at, at most once a minute for each path: a provider that
 * adds a field adds it to every body.
 *
 * A body may have a million invented names, so the number and the length of stored paths are limited.
 */
import type { Ledger } from "../providers/ledger.ts";
import { unknownLeaves } from "../providers/ledger-leaves.ts";
import type { Part, Provider } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { Store } from "../store/store.ts";
import type { LeafKind } from "../store/tables.ts";
import { type LeafSighting, noteUnknownLeaves } from "../store/unknown-leaves.ts";
import type { Logger } from "../telemetry/log.ts";

const maxPathsOfBody = 50;
/** A larger number, since long paths are cut and may then be equal. */
const maxLookedFor = 1_000;
const maxPathsKept = 2_000;
const longestPath = 200;
const pauseMs = 60_000;

export type CountLeaves = (kind: LeafKind, provider: string, resource: string, count: number) => void;

/** The origin of parts. */
export interface LeafOrigin {
  readonly environmentId: string;
  readonly provider: Provider;
  readonly rawPayloadId: string;
}

export interface UnknownLeavesDeps {
  readonly store: Pick<Store, "db">;
  readonly log: Logger;
  readonly count: CountLeaves;
  /** Milliseconds of a clock that only goes forward. */
  now?(): number;
}

interface Known {
  sighting: LeafSighting;
  writtenAt: number;
}

type Leaf = Pick<LeafSighting, "resource" | "kind" | "path">;

export class UnknownLeaves {
  readonly #deps: UnknownLeavesDeps;
  readonly #known = new Map<string, Known>();
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: UnknownLeavesDeps) {
    this.#deps = deps;
  }

  /** Looks through parts in the background. Never throws: an unknown field does not harm a body. */
  look(origin: LeafOrigin, parts: readonly Part[]): void {
    const due: Known[] = [];
    for (const { resource, kind, paths } of leavesOf(origin.provider, parts)) {
      this.#deps.count(kind, origin.provider.slug, resource, paths.size);
      for (const path of paths) {
        const known = this.#note(origin, { resource, kind, path });
        if (known !== null && this.#now() - known.writtenAt >= pauseMs) due.push(known);
      }
    }
    if (due.length > 0) this.#write(due);
  }

  /** Resolves when everything due is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Writes the remaining counts. */
  async close(): Promise<void> {
    this.#write([...this.#known.values()]);
    await this.settled();
  }

  #now(): number {
    return (this.#deps.now ?? performance.now.bind(performance))();
  }

  /** Notes a leaf; returns null when too many are known already. */
  #note({ environmentId, provider, rawPayloadId }: LeafOrigin, leaf: Leaf): Known | null {
    const key = JSON.stringify([environmentId, provider.slug, leaf.resource, leaf.kind, leaf.path]);
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.sighting = { ...known.sighting, times: known.sighting.times + 1, rawPayloadId };
      return known;
    }
    if (this.#known.size >= maxPathsKept) return null;
    const sighting = { environmentId, provider: provider.slug, ...leaf, times: 1, rawPayloadId };
    const first = { sighting, writtenAt: Number.NEGATIVE_INFINITY };
    this.#known.set(key, first);
    return first;
  }

  #write(due: readonly Known[]): void {
    const sightings = due.map(({ sighting }) => sighting).filter(({ times }) => times > 0);
    for (const known of due) {
      known.writtenAt = this.#now();
      known.sighting = { ...known.sighting, times: 0 };
    }
    const { store, log } = this.#deps;
    this.#writing = this.#writing
      .then(() => noteUnknownLeaves(store.db, sightings, new Date()))
      .catch((err: unknown) => log.warn({ err }, "unknown leaves not written down"));
  }
}

interface Leaves {
  readonly resource: string;
  readonly kind: LeafKind;
  readonly paths: Set<string>;
}

/** Returns each path once per body, and a limited number of either kind. */
function leavesOf(provider: Provider, parts: readonly Part[]): Leaves[] {
  // One item of a body may be kept under several keys.
  const items = [...new Map(parts.map((part) => [part.value, part])).values()];
  const unreadable = gathered(items, "unreadable", (part) => part.unreadable ?? []);
  const unknown = gathered(items, "unknown", ({ resource: name, value }) => {
    const ledger = findResource(provider, name)?.ledger;
    return ledger === undefined ? [] : look(ledger, value);
  });
  return [...unreadable, ...unknown];
}

function gathered(
  items: readonly Part[],
  kind: LeafKind,
  pathsOf: (item: Part) => readonly string[],
): Leaves[] {
  const found = new Map<string, Leaves>();
  let left = maxPathsOfBody;
  for (const item of items) {
    if (left === 0) break;
    const { resource } = item;
    const known = found.get(resource)?.paths ?? new Set();
    for (const path of pathsOf(item)) {
      if (left === 0 || known.has(path.slice(0, longestPath))) continue;
      known.add(path.slice(0, longestPath));
      left -= 1;
    }
    if (known.size > 0) found.set(resource, { resource, kind, paths: known });
  }
  return [...found.values()];
}

/** Returns the unknown leaves of a value; none if it is nested too deep to search. The body is kept all the same. */
function look(ledger: Ledger, value: unknown): string[] {
  try {
    return unknownLeaves(ledger, value, maxLookedFor);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
