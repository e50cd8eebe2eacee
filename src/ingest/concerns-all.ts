/** Tells errors of one record or body from those that concern all work of its kind. */
import { SystoleError } from "../errors.ts";
import { storeError } from "../store/store-error.ts";
import { isInterrupted } from "./stopped.ts";

/** Whether an error concerns more than one record: the process stops, the connection is gone, or the database is away. */
export const concernsAll = (error: unknown): boolean =>
  isInterrupted(error) || (!(error instanceof SystoleError) && storeError(error) !== null);
