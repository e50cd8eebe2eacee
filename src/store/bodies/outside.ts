/**
 * Puts the bodies of rows into the body store, where the configuration asks for it. A body is stored before its row is
 * written, under a key that no other body has, so that nothing has to count who refers to it: an event alone may have
 * the key of the record that was written with it.
 *
 * The writer holds a transaction, and the key has to be written down whatever becomes of that. So the pool of these
 * notes is a pool of its own: with one pool, all of its connections could wait for another one.
 */
import { createHash } from "node:crypto";
import { SystoleError } from "../../errors.ts";
import { newId } from "../identifiers.ts";
import type { Database, DatabaseOrTransaction } from "../tables.ts";
import { bodyError } from "./body-error.ts";
import type { BodyStore } from "./body-store.ts";
import { bodyIsNamed, expectBody } from "./removals.ts";

/** The person whose body it is, and what identifies its content. */
export interface BodyOwner {
  readonly environmentId: string;
  readonly userId: string;
  /** The SHA-256 of the content; that of the stored bytes if absent. */
  readonly sha256?: Buffer;
}

export interface OutsideBodies {
  /** The packed length from which a body is put outside. */
  readonly smallest: number;
  /** Stores packed bytes and returns their key. It has to be named by a row within the hour. */
  put(owner: BodyOwner, packed: Buffer): Promise<string>;
}

/** A row of PostgreSQL moves longer values out of its page; what is shorter costs more as an object than as bytes. */
export const smallestOutside = 2_048;

/** @param notes a pool that no transaction of this process takes a connection of */
export const outsideBodies = (
  notes: Database,
  bodies: BodyStore,
  smallest = smallestOutside,
): OutsideBodies => ({
  smallest,
  async put(owner, packed) {
    const { environmentId } = owner;
    const key = newBodyKey(owner, packed);
    await expectBody(notes, { environmentId, key });
    await bodies.write(key, packed).catch((error: unknown) => {
      throw bodyError(error, "write");
    });
    return key;
  },
});

/** The key of a packed body: environment, person, hash of the content, and an id that makes it the key of one body. */
export function newBodyKey({ environmentId, userId, sha256 }: BodyOwner, packed: Buffer): string {
  const hash = sha256 ?? createHash("sha256").update(packed).digest();
  return `${environmentId}/${userId}/${hash.toString("hex")}-${newId()}.zst`;
}

/** Packed bytes, or the key under which they are stored. */
export type Placed =
  | { readonly packed: Buffer; readonly key: null }
  | { readonly packed: null; readonly key: string };

/** Puts a body outside if it is long enough, and names it in the transaction that writes its row. */
export async function placeBody(
  tx: DatabaseOrTransaction,
  outside: OutsideBodies | undefined,
  owner: BodyOwner,
  packed: Buffer,
): Promise<Placed> {
  if (outside === undefined || packed.length < outside.smallest) return { packed, key: null };
  const key = await outside.put(owner, packed);
  await bodyIsNamed(tx, { environmentId: owner.environmentId, key });
  return { packed: null, key };
}

/**
 * Returns the packed bytes of a row.
 * @throws SystoleError BODY_MISSING, BODY_STORE_UNAVAILABLE
 */
export async function packedOf(
  bodies: Pick<BodyStore, "read">,
  packed: Buffer | null,
  key: string | null,
): Promise<Buffer> {
  if (packed !== null) return packed;
  if (key === null) throw new SystoleError("INTERNAL", { reason: "a row without a body" });
  const read = await bodies.read(key).catch((error: unknown) => {
    throw bodyError(error, "read");
  });
  if (read === null) throw new SystoleError("BODY_MISSING", { key });
  return read;
}
