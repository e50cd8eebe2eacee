/**
 * Finds data that raw payloads have and records lack: parts of a resource that a newer mapping maps for the
 * first time, and bodies that an older version could not read, so that nothing refers to their parts. It
 * splits payloads, asks which records their parts belong to (`normalizer.affects`), and makes the missing
 * ones.
 *
 * It does not read every payload. Only the newest body of each part matters, so the payloads that a part
 * refers to are enough; a body that could not be read has no such parts, and is read if it is the newest of
 * its key.
 */
import type { Part } from "../../providers/provider.ts";
import type { PartSource } from "../../store/raw-parts.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import {
  type FoundPart,
  findDeleted,
  findSources,
  foundOrder,
  keyOf,
  nextPayloads,
  type PayloadHead,
  type PointedSource,
  partKeyOf,
  pointAtFound,
  type StandingRecord,
  sourcesNamed,
  standingRecords,
} from "../../store/renormalization-work.ts";
import { affectedRecords, partsOf, type RecordTarget } from "../record-targets.ts";
import { plannedTarget, startsOf } from "../shared-things.ts";
import { readSplit, rebuild } from "./rebuild.ts";
import { settle } from "./settle.ts";
import { rebuildShared } from "./shared-records.ts";
import { meantMapping, type Work } from "./work.ts";

type After = Extract<RenormalizationCursor, { phase: "payloads" }>["after"];

/** Parts looked at in one batch: each may be a record to make. */
const maxParts = 100;

/** Returns the last payload it has processed. */
export async function discoverRecords(work: Work, after: After, limit: number): Promise<After> {
  const payloads = await nextPayloads(work.tx, work.id, work.filter, after, limit);
  const findings = await collect(work, payloads);
  const parts = [...findings.parts.values()];
  const refs = [...findings.targets.values()].flatMap(partsOf);
  const known = await findSources(work.tx, work.id, [...parts.map(refOf), ...refs]);
  // The bodies of deleted parts are kept, but nothing is made of them.
  const deleted = await findDeleted(work.tx, work.id, parts.map(refOf));
  const found = parts.filter((part) => {
    const key = partKeyOf(refOf(part));
    return !deleted.has(key) && isNews(part, known.get(key));
  });
  if (!work.options.dryRun) await pointAtFound(work.tx, work.id, found);
  const sources = new Map<string, PartSource>([
    ...known,
    ...found.map((part) => [partKeyOf(refOf(part)), part] as const),
  ]);
  await makeMissing(work, findings, sources, new Set(found.map((part) => partKeyOf(refOf(part)))));
  const last = findings.read.at(-1);
  return last === undefined ? after : [work.id.userId, last.resource, last.resourceKey, last.rawPayloadId];
}

const refOf = ({ resource, partKey }: PartSource) => ({ resource, key: partKey });

/** Whether nothing has referred to the part yet, or only an older find of this phase. */
const isNews = (part: PartSource, known: PointedSource | undefined): boolean =>
  known === undefined || (known.fetchOrder === foundOrder && known.rawPayloadId < part.rawPayloadId);

interface Findings {
  readonly read: PayloadHead[];
  readonly targets: Map<string, RecordTarget>;
  /** The newest source of each part among these payloads. */
  readonly parts: Map<string, FoundPart>;
}

async function collect(work: Work, payloads: readonly PayloadHead[]): Promise<Findings> {
  const findings: Findings = { read: [], targets: new Map(), parts: new Map() };
  const mapping = meantMapping(work);
  const startOf = startsOf(work.provider);
  for (const payload of payloads) {
    if (findings.read.length > 0 && (findings.parts.size >= maxParts || work.isOver())) break;
    const { parts, code } = await readSplit(work.splits, payload);
    if (code !== null) work.tally.unreadable(code);
    for (const target of affectedRecords(mapping, parts)) {
      // Records that are named by a prefix exist already; another phase makes them anew.
      if (!target.prefix) findings.targets.set(keyOf(target), target);
    }
    for (const part of parts) noteSource(findings, part, { ...payload, startsAt: startOf(part) });
    work.tally.passed("payloads");
    findings.read.push(payload);
  }
  return findings;
}

function noteSource(
  { parts }: Findings,
  part: Part,
  payload: PayloadHead & Pick<FoundPart, "startsAt">,
): void {
  const key = partKeyOf(part);
  const known = parts.get(key);
  if (known !== undefined && known.rawPayloadId >= payload.rawPayloadId) return;
  parts.set(key, { ...payload, resource: part.resource, partKey: part.key });
}

async function makeMissing(
  work: Work,
  findings: Findings,
  sources: ReadonlyMap<string, PartSource>,
  found: ReadonlySet<string>,
): Promise<void> {
  const targets = [...findings.targets.values()];
  const standing = await standingRecords(work.tx, work.id, targets);
  const isUnmade = (known: StandingRecord | null, own: readonly PartSource[]) =>
    own.length > 0 && (known === null || own.some((source) => found.has(partKeyOf(refOf(source)))));
  for (const target of targets) {
    const isShared = target.normalizer.sharing !== undefined;
    if (isShared && !work.options.dryRun) {
      await rebuildShared(work, target, (one) => isUnmade(one.known, [...one.sources.values()]));
      continue;
    }
    const known = standing.get(keyOf(target)) ?? null;
    const own = partsOf(target).flatMap((ref) => sourcesNamed(sources, ref));
    if (!isUnmade(known, own)) continue;
    if (work.options.dryRun && !isFirstHere(own, findings.read)) continue;
    // Another phase compares the record of another API that has the thing already.
    if (isShared && (await plannedTarget(work.tx, work.id, target)) === null) continue;
    const rebuilt = await rebuild(work, target, known, (ref) => sourcesNamed(sources, ref));
    await settle(work, target, known, rebuilt);
  }
}

/**
 * Whether the first of a record's payloads is among those read now. A dry run writes nothing that shows that
 * a record was counted, so it counts it at its first payload. A record to which nothing refers and which
 * several bodies hold may be counted once for each.
 */
function isFirstHere(own: readonly PartSource[], read: readonly PayloadHead[]): boolean {
  const first = own.map(({ rawPayloadId }) => rawPayloadId).sort()[0];
  return read.some(({ rawPayloadId }) => rawPayloadId === first);
}
