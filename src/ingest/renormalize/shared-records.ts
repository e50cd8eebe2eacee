/** Makes the records anew of things that several APIs tell of, after deciding anew which of them are one. */

import type { PartSource } from "../../store/raw-parts.ts";
import {
  findSources,
  keyOf,
  type StandingRecord,
  sourcesNamed,
  standingRecords,
} from "../../store/renormalization-work.ts";
import { partsOf, type RecordTarget } from "../record-targets.ts";
import { type SharedTarget, sharedTargets } from "../shared-things.ts";
import { rebuild } from "./rebuild.ts";
import { reasonToSkip, settle } from "./settle.ts";
import type { Work } from "./work.ts";

/** A record to be made anew, as it stands. */
interface Candidate {
  readonly target: SharedTarget;
  readonly known: StandingRecord | null;
  readonly sources: ReadonlyMap<string, PartSource>;
}

/** @param isDue whether a record is to be made anew whose things are the same as before */
export async function rebuildShared(
  work: Work,
  about: RecordTarget,
  isDue: (candidate: Candidate) => boolean,
): Promise<void> {
  const targets = await sharedTargets(work.tx, work.id, about);
  const standing = await standingRecords(work.tx, work.id, targets);
  for (const target of targets) {
    const known = standing.get(keyOf(target)) ?? null;
    const sources = await findSources(work.tx, work.id, partsOf(target));
    if (target.isRegrouped || isDue({ target, known, sources }))
      await settleShared(work, { target, known, sources });
  }
}

async function settleShared(work: Work, { target, known, sources }: Candidate): Promise<void> {
  const refused = known && reasonToSkip(work, known, target);
  if (refused !== null) return settle(work, target, known, { code: refused });
  if (target.things?.length !== 0)
    return settle(
      work,
      target,
      known,
      await rebuild(work, target, known, (ref) => sourcesNamed(sources, ref)),
    );
  if (known !== null) await settle(work, target, known, { gone: true });
}
