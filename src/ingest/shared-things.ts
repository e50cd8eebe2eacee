/**
 * One workout under two ids: finds out which things of several APIs are one, and keeps them in one record (ADR 0077). It
 * is decided anew whenever a thing of them comes, changes or is deleted, while the connection's lock is held.
 */
import type { Part, Provider, Sharing } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import {
  assignThings,
  findMadeFirst,
  findThingsAround,
  type StoredThing,
  takeStartsAround,
} from "../store/shared-things.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { matchThings } from "./match-things.ts";
import { heldKey, type KeyedGroup, keyGroups } from "./record-keys.ts";
import type { RecordTarget } from "./record-targets.ts";

/** The most things compared: nobody begins so many workouts within minutes. Of more, each stays in its record. */
const mostThings = 100;

/** A record to be made, once it is known which things it is made of. */
export interface SharedTarget extends RecordTarget {
  /** Whether it is made of other things than until now. */
  readonly isRegrouped?: boolean;
}

/** Returns a function that tells when a part's thing began, where another API may tell of the same thing. */
export function startsOf({ normalizers }: Pick<Provider, "normalizers">): (part: Part) => Date | null {
  const sharings = normalizers.flatMap(({ sharing }) => sharing ?? []);
  return (part) => {
    const startMs =
      sharings.find(({ resources }) => resources.includes(part.resource))?.startOf(part) ?? null;
    return startMs !== null && Math.abs(startMs) < latestMs ? new Date(startMs) : null;
  };
}

/** The end of the year 9999: until then, PostgreSQL writes years with four digits. */
const latestMs = 253_402_300_800_000;

/**
 * Returns the records to make when a thing has come, changed or gone: the one that it belongs to now, and all whose
 * things are others than before. Of those, one that has no things left is to be deleted. The caller holds the lock.
 */
export async function sharedTargets(
  tx: DatabaseTransaction,
  id: ConnectionId,
  target: RecordTarget,
): Promise<SharedTarget[]> {
  const { sharing } = target.normalizer;
  if (sharing === undefined) return [target];
  const regrouped = await regroup(tx, id, target, sharing);
  await assignThings(tx, id, changesIn(regrouped));
  return targetsOf(target, regrouped);
}

/** Returns the record as it would be made, without writing anything; null where its things belong to another. */
export async function plannedTarget(
  tx: DatabaseTransaction,
  id: ConnectionId,
  target: RecordTarget,
): Promise<RecordTarget | null> {
  const { sharing } = target.normalizer;
  if (sharing === undefined) return target;
  const regrouped = await regroup(tx, id, target, sharing);
  const own = targetsOf(target, regrouped).find(({ naturalKey }) => naturalKey === target.naturalKey);
  return own === undefined || own.things?.length === 0 ? null : own;
}

interface Regrouped {
  /** The records that are named like the things, or that these belonged to; the one made first first. */
  readonly made: readonly string[];
  readonly before: readonly StoredThing[];
  readonly after: readonly KeyedGroup[];
}

async function regroup(
  tx: DatabaseTransaction,
  id: ConnectionId,
  { type, naturalKey }: RecordTarget,
  { resources, withinMs }: Sharing,
): Promise<Regrouped> {
  await takeStartsAround(tx, id, type, naturalKey, resources);
  const wanted = { resources, withinMs, limit: mostThings + 1 };
  const before = await findThingsAround(tx, id, naturalKey, wanted);
  const standing = before.filter(({ exists }) => exists);
  if (before.length > mostThings) return { before, after: asHeld(standing), made: [] };
  const groups = matchThings(standing, { resources, withinMs });
  const keys = [...new Set(before.flatMap((thing) => [thing.key, heldKey(thing)]))];
  const made = await findMadeFirst(tx, id, type, keys);
  return { before, after: keyGroups(groups, made, resources), made };
}

const asHeld = (things: readonly StoredThing[]): KeyedGroup[] =>
  [...Map.groupBy(things, heldKey)].map(([naturalKey, members]) => ({ naturalKey, things: members }));

/** Returns the things whose record is another than stored. A deleted thing belongs to none. */
function changesIn({ before, after }: Regrouped) {
  const given = new Map(
    after.flatMap(({ naturalKey, things }) => things.map((one) => [one, naturalKey] as const)),
  );
  return before.flatMap((thing) => {
    const key = given.get(thing) ?? thing.key;
    const recordKey = key === thing.key ? null : key;
    return recordKey === thing.recordKey ? [] : [{ ...thing, recordKey }];
  });
}

function targetsOf(target: RecordTarget, { before, after, made }: Regrouped): SharedTarget[] {
  // A part may come before the thing it belongs to, such as a file before its workout.
  const unknown = before.length === 0 ? [target.naturalKey] : [];
  const now = new Map(after.map(({ naturalKey, things }) => [naturalKey, namesOf(things)]));
  const held = Map.groupBy(before, heldKey);
  const keys = new Set([...held.keys(), ...now.keys(), ...made, target.naturalKey]);
  return [...keys].flatMap((naturalKey): SharedTarget[] => {
    const things = now.get(naturalKey) ?? unknown;
    const isRegrouped = things.join() !== namesOf(held.get(naturalKey) ?? []).join();
    const isMeant = naturalKey === target.naturalKey || things.includes(target.naturalKey);
    const isLeftOver = things.length === 0 && made.includes(naturalKey);
    if (!isRegrouped && !isMeant && !isLeftOver) return [];
    return [{ ...target, naturalKey, things, isRegrouped }];
  });
}

const namesOf = (things: readonly StoredThing[]): string[] => things.map(({ key }) => key).sort();
