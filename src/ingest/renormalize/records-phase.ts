/** Rebuilds the existing records, in key order, each from its parts. */
import type { RecordRef } from "../../providers/provider.ts";
import { handlesType } from "../../store/data-choices.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import {
  findSources,
  nextRecords,
  type StandingRecord,
  sourcesNamed,
} from "../../store/renormalization-work.ts";
import type { RecordTarget } from "../record-targets.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";
import { settle } from "./settle.ts";
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
    const target = targetOf(work, record);
    const refused = reasonToSkip(work, record, target);
    const rebuilt: Rebuilt =
      refused !== null || target === null
        ? { code: refused ?? "RECORD_NOT_MADE" }
        : await rebuild(work, target, record, (ref) => sourcesNamed(sources, ref));
    await settle(work, record, record, rebuilt);
    work.tally.passed("records");
    last = [work.id.userId, record.type, record.naturalKey];
  }
  return last;
}

/** Returns why a record is not rebuilt: a process that was not updated yet must not undo the work of newer ones. */
function reasonToSkip({ provider, connection }: Work, record: StandingRecord, target: RecordTarget | null) {
  if (!handlesType(connection, record.type)) return "DATA_TYPE_NOT_CHOSEN";
  if (record.mapperVersion > provider.mapperVersion) return "RECORD_MAPPER_NEWER";
  return target === null ? "RECORD_NOT_MADE" : null;
}

function targetOf({ provider }: Work, { type, naturalKey }: RecordRef): RecordTarget | null {
  const normalizer = provider.normalizers.find((one) => one.type === type);
  return normalizer === undefined ? null : { type, naturalKey, normalizer };
}
