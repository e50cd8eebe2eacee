import { ignored, type Ledger } from "../../ledger.ts";
import { exerciseLedger } from "./exercise.ts";

const compared = ignored("only compared with what is held; what differs is fetched itself");
const onRequest = /^(samples|route|heart_rate_zones)(\[|$)/;

/** An exercise without samples, zones and route. */
export const exerciseIndexLedger: Ledger = Object.fromEntries(
  Object.keys(exerciseLedger)
    .filter((leaf) => !onRequest.test(leaf))
    .map((leaf) => [leaf, compared]),
);

export const sleepIndexLedger: Ledger = { date: compared, start_time: compared, end_time: compared };
