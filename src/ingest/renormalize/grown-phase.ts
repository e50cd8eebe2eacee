/** Makes the records that parts which grow have and that do not exist: a newer mapping makes them for the first time. */
import type { RecordRef } from "../../providers/provider.ts";
import { nextGrownParts } from "../../store/grown-parts.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import { findSources, keyOf, sourcesNamed, standingRecords } from "../../store/renormalization-work.ts";
import { isGrowing } from "../growing/statements.ts";
import { rebuild } from "./rebuild.ts";
import { settle } from "./settle.ts";
import { meantMapping, type Work } from "./work.ts";

type After = Extract<RenormalizationCursor, { phase: "grown" }>["after"];

/** Returns the last part it has looked at. */
export async function discoverGrown(work: Work, after: After, limit: number): Promise<After> {
  const { tx, id, provider, parsing } = work;
  const isSame = after?.[0] === id.userId;
  const parts = await nextGrownParts(tx, id, isSame ? { resource: after[1], key: after[2] } : null, limit);
  // Records that are named by a prefix exist already; another phase makes them anew.
  const affected = (await parsing.affectedBy(provider, parts)).filter(({ prefix }) => !prefix);
  const standing = await standingRecords(tx, id, affected);
  for (const ref of affected) if (!standing.has(keyOf(ref))) await make(work, ref);
  const last = parts.at(-1);
  return last === undefined ? after : [id.userId, last.resource, last.key];
}

async function make(work: Work, ref: RecordRef): Promise<void> {
  const normalizer = meantMapping(work).normalizers.find(({ type }) => type === ref.type);
  if (normalizer === undefined) return;
  const target = { ...ref, normalizer };
  const refs = normalizer
    .partsOf(ref.naturalKey)
    .filter(({ resource }) => !isGrowing(work.provider, resource));
  const sources = await findSources(work.tx, work.id, refs);
  const rebuilt = await rebuild(work, target, null, (one) => sourcesNamed(sources, one));
  await settle(work, target, null, rebuilt);
}
