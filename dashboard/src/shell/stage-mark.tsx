import { type Stage, stageNames } from "./environment.ts";
import classes from "./shell.module.css";

/** The colour of a stage. A word stands beside it wherever it is used. */
export const StageMark = ({ stage }: { readonly stage: Stage }) => (
  <span className={classes.mark} data-stage={stage} style={{ display: "block" }} aria-hidden />
);

/** A stage by its word, in its colour. */
export const StageWord = ({ stage }: { readonly stage: Stage }) => (
  <span className={classes.stage}>
    <StageMark stage={stage} />
    {stageNames[stage]}
  </span>
);
