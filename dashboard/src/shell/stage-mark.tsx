import { type Environment, stageOf } from "./environment.ts";
import classes from "./shell.module.css";

/** The colour of an environment's stage. */
export const StageMark = ({ environment }: { readonly environment: Environment }) => (
  <span className={classes.mark} data-stage={stageOf(environment)} style={{ display: "block" }} aria-hidden />
);
