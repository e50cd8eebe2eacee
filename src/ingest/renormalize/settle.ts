/** Stores the result of a rebuilt record: it is the same, a new revision, or stays as it is. */
import { createHash } from "node:crypto";
import type { ErrorCode } from "../../errors.ts";
import { withSummaryId } from "../../models/index.ts";
import type { RecordRef } from "../../providers/provider.ts";
import { handlesType } from "../../store/data-choices.ts";
import { deleteRecord, isSameMaking, type RecordContent, writeRecord } from "../../store/record-writer.ts";
import { readFrames } from "../../store/records.ts";
import type { RenormalizationFilter } from "../../store/renormalization-job.ts";
import { noteOrigins, type StandingRecord } from "../../store/renormalization-work.ts";
import { decompress } from "../../store/zstd.ts";
import { announced } from "../announce.ts";
import type { RecordTarget } from "../record-targets.ts";
import { compareRecords } from "./compare.ts";
import type { Rebuilt } from "./rebuild.ts";
import type { Work } from "./work.ts";

/** @param known the record as stored; null when there is none */
export async function settle(
  work: Work,
  ref: RecordRef,
  known: StandingRecord | null,
  rebuilt: Rebuilt,
): Promise<void> {
  if ("code" in rebuilt) {
    // Parts that do not make a record yet, such as a recharge without its night, are not reported.
    if (known !== null || rebuilt.code !== "RECORD_NOT_MADE") work.tally.unmakeable(ref.type, rebuilt.code);
    return;
  }
  if ("gone" in rebuilt) {
    work.tally.found(ref.type, "changed");
    if (!work.options.dryRun) await deleteRecord(work.tx, work.id, ref);
    return;
  }
  const { content } = rebuilt;
  if (known === null) {
    if (!isMeant(work.filter, content)) return;
    work.tally.found(ref.type, "new");
    await write(work, content);
  } else if (known.contentHash.equals(createHash("sha256").update(content.json).digest())) {
    work.tally.found(ref.type, "identical");
    noteMoved(work, known, content);
  } else {
    work.tally.found(ref.type, "changed");
    await describeChange(work, known, content);
    await write(work, content);
  }
}

function isMeant({ from, to }: RenormalizationFilter, { startTime }: RecordContent): boolean {
  if (from === null && to === null) return true;
  const date = startTime?.slice(0, 10);
  return date !== undefined && date >= (from ?? date) && date <= (to ?? date);
}

function noteMoved(
  work: Work,
  known: StandingRecord,
  { mapperVersion, rawPayloadIds, type, naturalKey }: RecordContent,
): void {
  if (!isSameMaking(known, { mapperVersion, rawPayloadIds }))
    work.moved.push({ type, naturalKey, mapperVersion, rawPayloadIds });
}

async function describeChange(
  { tx, bodies, id, tally }: Work,
  { contentHash }: StandingRecord,
  content: RecordContent,
): Promise<void> {
  const [frame] = await readFrames({ db: tx, bodies }, { ...id, type: content.type }, [content.naturalKey]);
  if (frame === undefined) return;
  const text = (await decompress(frame.zstd, frame.bytes)).toString("utf8");
  const before = asSentBefore({ text, contentHash, naturalKey: content.naturalKey });
  tally.differs(id.userId, content, compareRecords(before, JSON.parse(content.json.toString("utf8"))));
}

/**
 * Returns the record as receivers have it. Migration 0010 gave nights another id in their text and kept the
 * hash of the text with the former id, the natural key, so that they are sent again.
 */
function asSentBefore(kept: { text: string; contentHash: Buffer; naturalKey: string }): unknown {
  const record = JSON.parse(kept.text);
  const isHashed = (text: string) => createHash("sha256").update(text).digest().equals(kept.contentHash);
  if (isHashed(kept.text)) return record;
  const former = withSummaryId(record, kept.naturalKey);
  return isHashed(JSON.stringify(former)) ? former : record;
}

async function write({ tx, outside, id, options, written }: Work, content: RecordContent): Promise<void> {
  if (options.dryRun) return;
  const revision = await writeRecord(tx, id, content, outside);
  if (revision !== null && options.sendEvents) written.push(announced(content, revision));
}

/** Writes what a batch leaves besides its records. */
export async function settleOrigins({ tx, id, options, moved }: Work): Promise<void> {
  if (!options.dryRun) await noteOrigins(tx, id, moved);
}

/** Returns why a record is not rebuilt: a process that was not updated yet must not undo the work of newer ones. */
export function reasonToSkip(
  { provider, connection }: Work,
  record: StandingRecord,
  target: RecordTarget | null,
): ErrorCode | null {
  if (!handlesType(connection, record.type)) return "DATA_TYPE_NOT_CHOSEN";
  if (record.mapperVersion > provider.mapperVersion) return "RECORD_MAPPER_NEWER";
  return target === null ? "RECORD_NOT_MADE" : null;
}
