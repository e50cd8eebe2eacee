/**
 * Ids of resources as our own server and its files have them. An id tells where its resource is found: the person,
 * which of their records, which resource of that record. So one resource is read without a list of all of them. A
 * UUIDv5, which a Bundle names resources by and which stays in the identifier, cannot be read backwards.
 * docs/adr/0069 says more.
 */
import { createHash } from "node:crypto";
import type { DataType } from "../../models/index.ts";

/** The number of hexadecimal digits by which a record is known among those of its person. */
const recordMarkLength = 14;
const resourceMarkLength = 16;
const deviceMark = "device";

interface RecordName {
  readonly type: DataType;
  readonly naturalKey: string;
}

/** Returns the mark of a record. `findMarkedRecords` in src/store/records.ts computes the same in SQL. */
export const recordMark = ({ type, naturalKey }: RecordName): string =>
  createHash("sha256").update(`${type}/${naturalKey}`).digest("hex").slice(0, recordMarkLength);

const withoutHyphens = (uuid: string): string => uuid.replaceAll("-", "");
const servedId = (userId: string, within: string, uuid: string): string =>
  `${withoutHyphens(userId)}-${within}-${withoutHyphens(uuid).slice(0, resourceMarkLength)}`;

/** Returns the id of an Observation whose UUIDv5 is given. It has 64 characters, the most that FHIR allows. */
export const observationId = (record: RecordName & { readonly userId: string }, uuid: string): string =>
  servedId(record.userId, recordMark(record), uuid);

/** Returns the id of a Device, which many records of its person may name. */
export const deviceId = (userId: string, uuid: string): string => servedId(userId, deviceMark, uuid);

export interface ServedPlace {
  readonly userId: string;
  /** Null: the id is that of a Device. */
  readonly recordMark: string | null;
}

const form =
  /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-(device|[0-9a-f]{14})-[0-9a-f]{16}$/;

/** Returns where the resource is; null for what is no such id. */
export function readServedId(id: string): ServedPlace | null {
  const found = form.exec(id);
  if (found === null) return null;
  const within = found[6] as string;
  return { userId: found.slice(1, 6).join("-"), recordMark: within === deviceMark ? null : within };
}
