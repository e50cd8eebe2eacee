import type { Renormalization } from "../../store/renormalizations.ts";

/** Whether a job runs and is at this step. */
export const isNext = (job: Renormalization | null, step: number): job is Renormalization =>
  job?.state === "running" && job.step === step;
