/** Makes one record anew from stored payloads, or says why it cannot. */
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { PartsRef } from "../../providers/provider.ts";
import { findGrownParts } from "../../store/grown-parts.ts";
import type { PartSource } from "../../store/raw-parts.ts";
import type { RecordContent } from "../../store/record-writer.ts";
import type { StandingRecord } from "../../store/renormalization-work.ts";
import { concernsAll } from "../concerns-all.ts";
import { isGrowing } from "../growing/statements.ts";
import type { PayloadRef, PayloadSplits, Split } from "../payload-splits.ts";
import { gatherParts, makeRecord } from "../record-maker.ts";
import { partsOf, type RecordTarget } from "../record-targets.ts";
import type { Work } from "./work.ts";

/** `gone`: its parts all grow and no longer make it, so that ingest would have deleted it. */
export type Rebuilt =
  | { readonly content: RecordContent }
  | { readonly code: ErrorCode }
  | { readonly gone: true };

/**
 * Rebuilds a record. Unlike ingest, which makes what it can of the data so far, this refuses when an existing
 * part can no longer be read: a record must not lose data because a newer version is stricter.
 */
export async function rebuild(
  work: Work,
  target: RecordTarget,
  known: StandingRecord | null,
  sourcesOf: (ref: PartsRef) => readonly PartSource[],
): Promise<Rebuilt> {
  const read = (payload: PayloadRef) => readSplit(work.splits, payload);
  const refs = partsOf(target);
  const growing = refs.filter(({ resource }) => isGrowing(work.provider, resource));
  const grown = await findGrownParts(work.tx, work.id, growing);
  const gathered = await gatherParts(target, { sourcesOf, read, grown });
  if (gathered.lost !== null) return { code: gathered.lost };
  const onlyGrows = known !== null && growing.length === refs.length;
  if (gathered.parts.length === 0) return onlyGrows ? { gone: true } : { code: "RECORD_RAW_MISSING" };
  const made = await makeRecord(work, target, gathered, known);
  if (made === null) return onlyGrows ? { gone: true } : { code: "RECORD_NOT_MADE" };
  return "error" in made ? { code: codeOf(made.error) } : made;
}

/**
 * Reads and splits a payload. A bug of ours in splitting is reported as a code, like an error of the body.
 * @throws what concerns more than this payload
 */
export async function readSplit(splits: PayloadSplits, payload: PayloadRef): Promise<Split> {
  try {
    return await splits.of(payload);
  } catch (error) {
    if (concernsAll(error)) throw error;
    return { parts: [], code: codeOf(error) };
  }
}

const codeOf = (error: unknown): ErrorCode => (error instanceof SystoleError ? error.code : "INTERNAL");
