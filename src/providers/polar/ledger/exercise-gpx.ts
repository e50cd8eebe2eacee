/** GPX of an exercise (GET /v3/exercises/{id}/gpx): kept as a file for those who want one. */
import { ignored, type Ledger } from "../../ledger.ts";

export const exerciseGpxLedger: Ledger = {
  gpx: ignored(
    "the exercise's own route and altitude samples say all of it; a GPX of Polar's has no heart rate",
  ),
};
