/**
 * Counts the leaves of fetched bodies that no ledger knows, and those that could not be read. The counts of
 * the metric are also stored, with a body to look at, at most once a minute for each path: a provider that
 * adds a field adds it to every body.
 *
 * A body may have a million invented names, so the number and the length of stored paths are limited.
 */
import type { Part, Provider } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import type { Store } from "../store/store.ts";
import type { LeafKind } from "../store/tables.ts";
import { type LeafSighting, noteUnknownLeaves } from "../store/unknown-leaves.ts";
import type { Logger } from "../telemetry/log.ts";
import { type Leaves, leavesOf } from "./part-leaves.ts";

const maxPathsKept = 2_000;
const pauseMs = 60_000;

export type CountLeaves = (kind: LeafKind, provider: string, resource: string, count: number) => void;

/** The origin of parts. */
export interface LeafOrigin extends ConnectionId {
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

  /**
   * Looks through parts in the background. Never throws: an unknown field does not harm a body.
   * @param found leaves that were found already, while a body was split
   */
  look(origin: LeafOrigin, parts: readonly Part[], found: readonly Leaves[] = []): void {
    const due: Known[] = [];
    for (const { resource, kind, paths } of [...leavesOf(origin.provider, parts), ...found]) {
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
  #note({ environmentId, userId, provider, rawPayloadId }: LeafOrigin, leaf: Leaf): Known | null {
    const key = JSON.stringify([environmentId, provider.slug, leaf.resource, leaf.kind, leaf.path]);
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.sighting = { ...known.sighting, times: known.sighting.times + 1, userId, rawPayloadId };
      return known;
    }
    if (this.#known.size >= maxPathsKept) return null;
    const sighting = { environmentId, userId, provider: provider.slug, ...leaf, times: 1, rawPayloadId };
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
