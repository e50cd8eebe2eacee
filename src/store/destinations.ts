/** Destinations: where events go. Their settings are sealed, and every change of them is a revision. */
import { type Selectable, sql } from "kysely";
import type { KeyRing } from "../security/key-ring.ts";
import { newId } from "./identifiers.ts";
import { holdLinkTarget } from "./linking.ts";
import type {
  DatabaseOrTransaction,
  DatabaseTransaction,
  DestinationFormat,
  DestinationsTable,
  PayloadMode,
  WhenUnsupported,
} from "./tables.ts";

export interface DestinationId {
  readonly environmentId: string;
  readonly destinationId: string;
}

/** The settings as they were given, before the kind's schema fills in its defaults. */
export type DestinationSettings = Readonly<Record<string, unknown>>;

export interface StoredDestination extends Omit<Selectable<DestinationsTable>, "settings_sealed"> {
  readonly settings: DestinationSettings;
}

/** The place of linked bodies and their time to live. */
export interface LinkTerms {
  /** The object store that holds them; null: we serve them. */
  readonly destinationId: string | null;
  readonly expiresSeconds: number;
}

export interface NewDestination {
  readonly kind: string;
  readonly settings: DestinationSettings;
  /** Null takes all types. */
  readonly eventTypes: readonly string[] | null;
  readonly active: boolean;
  readonly format?: DestinationFormat | undefined;
  readonly whenUnsupported?: WhenUnsupported | undefined;
  readonly payload?: PayloadMode | undefined;
  readonly link?: LinkTerms | undefined;
  /** Whether the target, with these settings, keeps the order it is given. */
  readonly ordered?: boolean | undefined;
}

/** Returns the context that binds a destination's sealed settings. */
export const destinationContext = ({ environmentId, destinationId }: DestinationId): string =>
  `destinations:${environmentId}:${destinationId}`;

/** @throws SystoleError SEALED_VALUE_CORRUPT */
export function openSettings(keyRing: KeyRing, id: DestinationId, sealed: Buffer): DestinationSettings {
  return JSON.parse(keyRing.open(sealed, destinationContext(id)));
}

function opened(keyRing: KeyRing, row: Selectable<DestinationsTable>): StoredDestination {
  const { settings_sealed, ...rest } = row;
  const id = { environmentId: row.environment_id, destinationId: row.destination_id };
  return { ...rest, settings: openSettings(keyRing, id, settings_sealed) };
}

/**
 * Creates a destination. One with links needs a transaction, which locks the object store of the links until
 * it is written.
 * @throws SystoleError RESOURCE_NOT_FOUND when that store has just been removed
 */
export async function createDestination(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  environmentId: string,
  destination: NewDestination,
): Promise<StoredDestination> {
  const id = { environmentId, destinationId: newId() };
  await holdLinkTarget(db, environmentId, destination.link?.destinationId);
  const row = await db
    .insertInto("destinations")
    .values({
      environment_id: id.environmentId,
      destination_id: id.destinationId,
      kind: destination.kind,
      settings_sealed: keyRing.seal(JSON.stringify(destination.settings), destinationContext(id)),
      event_types: destination.eventTypes === null ? null : [...destination.eventTypes],
      active: destination.active,
      disabled_code: null,
      ...shapeColumns(destination),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return opened(keyRing, row);
}

/** Returns the given columns; the others keep their value, or the table's default. */
const shapeColumns = ({ format, whenUnsupported, payload, link, ordered }: DestinationChange) => ({
  ...(format === undefined ? {} : { format }),
  ...(whenUnsupported === undefined ? {} : { when_unsupported: whenUnsupported }),
  ...(payload === undefined ? {} : { payload }),
  ...(ordered === undefined ? {} : { ordered }),
  ...(link === undefined
    ? {}
    : { link_destination_id: link.destinationId, link_expires_seconds: link.expiresSeconds }),
});

/** Returns them in the order of their creation. */
export async function listDestinations(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  environmentId: string,
): Promise<StoredDestination[]> {
  const rows = await db
    .selectFrom("destinations")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("destination_id")
    .execute();
  return rows.map((row) => opened(keyRing, row));
}

export async function findDestination(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  id: DestinationId,
): Promise<StoredDestination | null> {
  const row = await db
    .selectFrom("destinations")
    .selectAll()
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .executeTakeFirst();
  return row === undefined ? null : opened(keyRing, row);
}

/** Returns the data needed to connect to it, with its settings still sealed. */
export async function findSealedDestination(db: DatabaseOrTransaction, id: DestinationId) {
  const row = await db
    .selectFrom("destinations")
    .select([
      "environment_id",
      "destination_id",
      "kind",
      "revision",
      "format",
      "settings_sealed as settingsSealed",
    ])
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { environment_id, destination_id, ...destination } = row;
  return { environment_id, destination_id, destination };
}

export interface DestinationChange
  extends Partial<Pick<NewDestination, "format" | "whenUnsupported" | "payload" | "link" | "ordered">> {
  readonly settings?: DestinationSettings | undefined;
  readonly eventTypes?: readonly string[] | null | undefined;
  /** Set by hand; `changeDestination` in delivery/activation.ts also sends the waiting deliveries. */
  readonly active?: boolean | undefined;
  /** The revision that the change is based on: nothing is changed if it is outdated. */
  readonly from?: number | undefined;
}

/**
 * Changes a destination; returns null if there is none with this id, or not with this revision. For links see
 * `createDestination`.
 * @throws SystoleError RESOURCE_NOT_FOUND
 */
export async function updateDestination(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  id: DestinationId,
  { settings, eventTypes, active, from, ...shape }: DestinationChange,
): Promise<StoredDestination | null> {
  await holdLinkTarget(db, id.environmentId, shape.link?.destinationId);
  let query = db.updateTable("destinations").set({ updated_at: new Date(), ...shapeColumns(shape) });
  if (settings !== undefined) {
    query = query.set({ settings_sealed: keyRing.seal(JSON.stringify(settings), destinationContext(id)) });
  }
  // A sender is connected for one format, and is kept until the revision changes.
  if (settings !== undefined || shape.format !== undefined) {
    query = query.set((column) => ({ revision: column("revision", "+", 1) }));
  }
  if (eventTypes !== undefined)
    query = query.set({ event_types: eventTypes === null ? null : [...eventTypes] });
  if (active !== undefined) query = query.set({ active, disabled_code: null });
  if (from !== undefined) query = query.where("revision", "=", from);
  const row = await query
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : opened(keyRing, row);
}

/**
 * Deletes a destination with its pending deliveries; returns false if there is none with this id. Call `excludeParking`
 * before anything locks the destination's row.
 */
export async function deleteDestination(tx: DatabaseTransaction, id: DestinationId): Promise<boolean> {
  const gone = await tx
    .deleteFrom("destinations")
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .returning("destination_id")
    .executeTakeFirst();
  // In the order in which they are settled, so that the two never deadlock.
  await sql`SELECT count(*) FROM (SELECT FROM deliveries WHERE environment_id = ${id.environmentId}
    AND destination_id = ${id.destinationId} AND state = 'pending' ORDER BY delivery_id FOR NO KEY UPDATE) held`.execute(
    tx,
  );
  await tx
    .updateTable("deliveries")
    .set({ state: "cancelled", next_attempt_at: null, finished_at: sql<Date>`now()` })
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .where("state", "=", "pending")
    .execute();
  return gone !== undefined;
}

/** Switches a destination off because its target asked for that, unless its settings have changed since. */
export async function disableDestination(
  tx: DatabaseTransaction,
  id: DestinationId,
  revision: number,
  code: string,
): Promise<void> {
  await tx
    .updateTable("destinations")
    .set({ active: false, disabled_code: code, updated_at: new Date() })
    .where("environment_id", "=", id.environmentId)
    .where("destination_id", "=", id.destinationId)
    .where("revision", "=", revision)
    .where("active", "=", true)
    .execute();
}

export interface Recipient extends DestinationId {
  /** Null takes all types. */
  readonly eventTypes: readonly string[] | null;
  readonly ordered: boolean;
  /** It fails and has parked deliveries: new deliveries are parked behind them. */
  readonly backlogged: boolean;
}

/** Returns the active destinations of these environments. */
export async function listRecipients(
  db: DatabaseOrTransaction,
  environmentIds: readonly string[],
): Promise<Recipient[]> {
  return db
    .selectFrom("destinations")
    .select([
      "environment_id as environmentId",
      "destination_id as destinationId",
      "event_types as eventTypes",
      "ordered",
      sql<boolean>`failing_since IS NOT NULL AND wake_at IS NOT NULL`.as("backlogged"),
    ])
    .where("environment_id", "in", environmentIds)
    .where("active", "=", true)
    .orderBy("destination_id")
    .execute();
}
