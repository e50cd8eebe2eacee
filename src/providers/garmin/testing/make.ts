/** Makes records of bodies as ingest does: split into parts, then normalised by the parts that a record names. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { asRead, type DataType, type ModelOf, models } from "../../../models/index.ts";
import { isNamedBy, type Part } from "../../provider.ts";
import { findResource } from "../../resource-of.ts";
import garmin from "../index.ts";

export function partsOf(resource: string, key: string, body: unknown): readonly Part[] {
  const found = findResource(garmin, resource);
  if (found === undefined) throw new Error(`no resource ${resource}`);
  return found.parts(key, body);
}

/** Returns the record of a type and key, checked against its model; null where the parts make none. */
export function make<Type extends DataType>(
  type: Type,
  naturalKey: string,
  ...groups: readonly (readonly Part[])[]
): ModelOf[Type] | null {
  const normalizer = garmin.normalizers.find((one) => one.type === type);
  if (normalizer === undefined) throw new Error(`no normaliser of ${type}`);
  const parts = normalizer
    .partsOf(naturalKey)
    .flatMap((ref) => groups.flat().filter((part) => isNamedBy(ref, part)));
  const record = normalizer.normalize(parts, naturalKey);
  return record === null ? null : (models[type].parse(asRead(record)) as ModelOf[Type]);
}

/** Captured bodies, read in place where they are beside the repository. */
const captured = path.join(import.meta.dirname, "../../../../../shared/provider-payloads/garmin");
export const capturedIsThere = existsSync(captured);
export const whyCapturedIsSkipped = "needs the captured bodies in ../shared/provider-payloads/garmin";
export const capturedText = (file: string): string => readFileSync(path.join(captured, file), "utf8");
