/** The records there are, in key order: each is made anew from the parts it is made of. */
import type { RecordRef } from "../../providers/provider.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import {
  findSources,
  nextRecords,
  type StandingRecord,
  sourcesNamed,
} from "../../store/renormalization-work.ts";
import type { RecordOrder } from "../normalize.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";
import { settle, type Work } from "./settle.ts";

type After = Extract<RenormalizationCursor, { phase: "records" }>["after"];

/** Answers the last one gone through. */
export async function rebuildRecords(work: Work, after: After, limit: number): Promise<After> {
  const records = await nextRecords(work.tx, work.id, work.filter, after, limit);
  const refs = records.flatMap(
    (record) => orderOf(work, record)?.normalizer.partsOf(record.naturalKey) ?? [],
  );
  const sources = await findSources(work.tx, work.id, refs);
  let last = after;
  for (const record of records) {
    if (last !== after && work.isOver()) break;
    const order = orderOf(work, record);
    const refused = whyNot(work, record, order);
    const rebuilt: Rebuilt =
      refused !== null || order === null
        ? { code: refused ?? "RECORD_NOT_MADE" }
        : await rebuild(work, order, record, (ref) => sourcesNamed(sources, ref));
    await settle(work, record, record, rebuilt);
    work.tally.passed("records");
    last = [work.id.userId, record.type, record.naturalKey];
  }
  return last;
}

/** A process that was not updated yet must not undo what the others have made. */
function whyNot({ provider }: Work, record: StandingRecord, order: RecordOrder | null) {
  if (record.mapperVersion > provider.mapperVersion) return "RECORD_MAPPER_NEWER";
  return order === null ? "RECORD_NOT_MADE" : null;
}

function orderOf({ provider }: Work, { type, naturalKey }: RecordRef): RecordOrder | null {
  const normalizer = provider.normalizers.find((one) => one.type === type);
  return normalizer === undefined ? null : { type, naturalKey, normalizer };
}
