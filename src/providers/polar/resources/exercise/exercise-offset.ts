import type { z } from "zod";
import { hourOf } from "../../../kit/iso-time.ts";
import { carried, type Ledger } from "../../../ledger.ts";
import type { Part, ServedResource } from "../../../provider.ts";
import { resource } from "../../resource.ts";
import { listedExerciseSchema } from "./schema.ts";

const name = "exercise-offset";

/** The fields that give an offset. Samples and routes are long and say nothing about it. */
const schema = listedExerciseSchema.pick({ start_time: true, start_time_utc_offset: true }).strip();

/** The start of an exercise and its UTC offset. */
export interface PolarExerciseOffset {
  readonly start_time: string;
  readonly start_time_utc_offset: number;
}

const ledger: Ledger = {
  start_time: carried("on which local date the offset was in force"),
  start_time_utc_offset: carried("minutes; observed for `utc_offset` of that date's Daily"),
};

/**
 * Returns the part of an exercise that gives the offset in force. Its key is the local hour in which the exercise began
 * ("2025-05-11T06"). Of two exercises begun within the same hour, the one fetched last counts.
 */
export function offsetParts({
  start_time,
  start_time_utc_offset,
}: z.output<typeof schema>): readonly Part<PolarExerciseOffset>[] {
  if (typeof start_time_utc_offset !== "number") return [];
  return [{ resource: name, key: hourOf(start_time), value: { start_time, start_time_utc_offset } }];
}

/** Returns the keys of one date. */
export const hoursOf = (date: string): readonly string[] =>
  Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, "0")}`);

/**
 * The resource of offsets. It is never fetched: its bodies are those of exercises, of which only the offset is read.
 */
export const exerciseOffset: ServedResource<PolarExerciseOffset> = {
  ...resource({
    name,
    schema,
    ledger,
    discovery: null,
    envelope: "exercises",
    path: () => null,
    keys: () => [],
    beside: offsetParts,
  }),
};
