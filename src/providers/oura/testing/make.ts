/** Makes records of bodies as ingest does: split into parts, then normalised by the parts that a record names. */
import { asRead, type DataType } from "../../../models/index.ts";
import { grow, inForce, nothingGrown, type Statement } from "../../kit/growing/fold.ts";
import { isNamedBy, type Part } from "../../provider.ts";
import { findResource } from "../../resource-of.ts";
import oura from "../index.ts";
import type { HeartRateSample } from "../resources/time-series.ts";
import * as bodies from "./bodies.ts";

type Json = ReturnType<typeof JSON.parse>;

/** Lists of documents, each by the name of its resource. */
export type Given = Readonly<Record<string, readonly object[]>>;

/** Returns the parts of bodies; those that grow have their samples. */
export function partsOf(given: Given): Part[] {
  const all = Object.entries(given).flatMap(([name, items]) => [
    ...(findResource(oura, name)?.parts("2025-05-12..2025-05-12", bodies.listOf(...items)) ?? []),
  ]);
  return all.map((part) => {
    if (findResource(oura, part.resource)?.growing === undefined) return part;
    const statement = part.value as Statement<HeartRateSample>;
    return { ...part, value: inForce(grow(nothingGrown, { ...statement, order: 1 })) };
  });
}

/** Returns the record of a type and key; null where the bodies make none. */
export function make(type: DataType, key: string, given: Given): Json {
  const normalizer = oura.normalizers.find((one) => one.type === type);
  const all = partsOf(given);
  const parts = normalizer?.partsOf(key).flatMap((ref) => all.filter((part) => isNamedBy(ref, part))) ?? [];
  return asRead(normalizer?.normalize(parts, key));
}
