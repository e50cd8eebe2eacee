/** The steps of a job: each is outdated as soon as another worker has done it. */
import type { Provider } from "../../providers/provider.ts";
import type { Renormalization } from "../../store/renormalizations.ts";
import type { Store } from "../../store/store.ts";
import type { Parsing } from "../parsing/parsing.ts";

export interface BatchDeps {
  readonly store: Store;
  readonly parsing: Parsing;
  providerOf(slug: string): Provider;
}

/** Whether a job runs and is at this step. */
export const isNext = (job: Renormalization | null, step: number): job is Renormalization =>
  job?.state === "running" && job.step === step;
