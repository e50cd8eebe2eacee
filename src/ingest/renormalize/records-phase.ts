/** Rebuilds the existing records, in key order, each from its parts. */
import type { RecordRef } from "../../providers/provider.ts";
import type { PartSource } from "../../store/raw-parts.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import {
  findSources,
  nextRecords,
  type StandingRecord,
  sourcesNamed,
} from "../../store/renormalization-work.ts";
import { partsOf, type RecordTarget } from "../record-targets.ts";
import { plannedTarget } from "../shared-things.ts";
import { rebuild } from "./rebuild.ts";
import { reasonToSkip, settle } from "./settle.ts";
import { rebuildShared } from "./shared-records.ts";
import type { Work } from "./work.ts";

type After = Extract<RenormalizationCursor, { phase: "records" }>["after"];

/** Returns the last record it has processed. */
export async function rebuildRecords(work: Work, after: After, limit: number): Promise<After> {
  const records = await nextRecords(work.tx, work.id, work.filter, after, limit);
  const refs = records.flatMap(
    (record) => targetOf(work, record)?.normalizer.partsOf(record.naturalKey) ?? [],
  );
  const sources = await findSources(work.tx, work.id, refs);
  let last = after;
  for (const record of records) {
    if (last !== after && work.isOver()) break;
    await rebuildRecord(work, record, sources);
    work.tally.passed("records");
    last = [work.id.userId, record.type, record.naturalKey];
  }
  return last;
}

async function rebuildRecord(
  work: Work,
  record: StandingRecord,
  sources: ReadonlyMap<string, PartSource>,
): Promise<void> {
  const target = targetOf(work, record);
  const refused = reasonToSkip(work, record, target);
  if (refused !== null || target === null)
    return settle(work, record, record, { code: refused ?? "RECORD_NOT_MADE" });
  if (target.normalizer.sharing !== undefined) return rebuildOfThings(work, record, target);
  const rebuilt = await rebuild(work, target, record, (ref) => sourcesNamed(sources, ref));
  return settle(work, record, record, rebuilt);
}

async function rebuildOfThings(work: Work, record: StandingRecord, target: RecordTarget): Promise<void> {
  if (!work.options.dryRun) return rebuildShared(work, target, () => true);
  const planned = await plannedTarget(work.tx, work.id, target);
  if (planned === null) return settle(work, record, record, { gone: true });
  const sources = await findSources(work.tx, work.id, partsOf(planned));
  const rebuilt = await rebuild(work, planned, record, (ref) => sourcesNamed(sources, ref));
  return settle(work, record, record, rebuilt);
}

function targetOf({ provider }: Work, { type, naturalKey }: RecordRef): RecordTarget | null {
  const normalizer = provider.normalizers.find((one) => one.type === type);
  return normalizer === undefined ? null : { type, naturalKey, normalizer };
}
