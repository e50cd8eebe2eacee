/** Begins, cancels and resumes jobs that rebuild records. */
import { SystoleError } from "../../errors.ts";
import { nextOrdered } from "../../store/refold.ts";
import type { RenormalizationFilter, RenormalizationOptions } from "../../store/renormalization-job.ts";
import { countWork } from "../../store/renormalization-work.ts";
import {
  insertRenormalization,
  lockRenormalization,
  moveRenormalization,
  type Renormalization,
  type RenormalizationId,
} from "../../store/renormalizations.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";

export function beginRenormalization(
  { db, queue }: Pick<Store, "db" | "queue">,
  environmentId: string,
  asked: { readonly filter: RenormalizationFilter; readonly options: RenormalizationOptions },
): Promise<Renormalization> {
  return db.transaction().execute((tx) => startRenormalization(tx, queue, { environmentId, ...asked }));
}

/** Begins a job in the caller's transaction. */
export async function startRenormalization(
  tx: DatabaseTransaction,
  queue: Store["queue"],
  {
    environmentId,
    ...asked
  }: {
    readonly environmentId: string;
    readonly filter: RenormalizationFilter;
    readonly options: RenormalizationOptions;
  },
): Promise<Renormalization> {
  const totals = await countWork(tx, environmentId, asked.filter);
  // Most environments have nothing that grows, and begin with the records.
  const hasFold = (await nextOrdered(tx, environmentId, asked.filter, null)) !== null;
  const cursor = { phase: hasFold ? "fold" : "records", after: null } as const;
  const job = await insertRenormalization(tx, environmentId, { ...asked, totals, cursor });
  await enqueue(tx, queue, job);
  return job;
}

/** Cancels a job after the batch under way. @throws SystoleError RESOURCE_NOT_FOUND, RENORMALIZATION_ENDED */
export function cancelRenormalization(
  { db }: Pick<Store, "db">,
  id: RenormalizationId,
): Promise<Renormalization> {
  return db.transaction().execute(async (tx) => {
    const job = await found(tx, id);
    if (job.state === "cancelled") return job;
    if (job.state !== "running") throw ended(job);
    return moveRenormalization(tx, id, "cancelled");
  });
}

/** Resumes a job after its last batch. @throws SystoleError RESOURCE_NOT_FOUND, RENORMALIZATION_ENDED */
export function resumeRenormalization(
  { db, queue }: Pick<Store, "db" | "queue">,
  id: RenormalizationId,
): Promise<Renormalization> {
  return db.transaction().execute(async (tx) => {
    const job = await found(tx, id);
    if (job.state === "running") return job;
    if (job.state === "done") throw ended(job);
    const resumed = await moveRenormalization(tx, id, "running");
    await enqueue(tx, queue, resumed);
    return resumed;
  });
}

async function found(tx: DatabaseTransaction, id: RenormalizationId): Promise<Renormalization> {
  const job = await lockRenormalization(tx, id);
  if (job !== null) return job;
  throw new SystoleError("RESOURCE_NOT_FOUND", { renormalization_id: id.renormalizationId });
}

const ended = ({ renormalization_id, state }: Renormalization): SystoleError =>
  new SystoleError("RENORMALIZATION_ENDED", { renormalization_id, state });

const enqueue = (tx: DatabaseTransaction, queue: Store["queue"], job: Renormalization): Promise<void> =>
  queue.enqueue(tx, "renormalize", [
    {
      data: {
        environmentId: job.environment_id,
        renormalizationId: job.renormalization_id,
        step: job.step,
      },
    },
  ]);
