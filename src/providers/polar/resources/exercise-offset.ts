import { exerciseOffsetLedger } from "../ledger/exercise-offset.ts";
import { exerciseOffsetSchema } from "../schema/exercise-offset.ts";
import { resource } from "./declare.ts";

/**
 * What an exercise says of its day: the offset in force. It is never asked for; every exercise has it beside
 * itself, under the local hour in which it began ("2025-05-11T06"). Of two exercises begun within the same
 * hour the one that was fetched last is known.
 */
export const exerciseOffset = resource({
  name: "exercise-offset",
  schema: exerciseOffsetSchema,
  ledger: exerciseOffsetLedger,
  discovery: null,
  envelope: "exercises",
  path: () => null,
  keys: ({ start_time, start_time_utc_offset }) =>
    typeof start_time_utc_offset === "number" ? [start_time.slice(0, 13)] : [],
});

/** The keys that one date has. */
export const hoursOf = (date: string): readonly string[] =>
  Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, "0")}`);
