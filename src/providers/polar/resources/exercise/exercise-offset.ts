import type { z } from "zod";
import { hourOf } from "../../../kit/iso-time.ts";
import { carried, type Ledger } from "../../../ledger.ts";
import type { Part, ServedResource } from "../../../provider.ts";
import { resource } from "../../resource.ts";
import { listedExerciseSchema } from "./schema.ts";

const name = "exercise-offset";

/** Samples and routes are long, and say nothing of an offset. */
const schema = listedExerciseSchema.pick({ start_time: true, start_time_utc_offset: true }).strip();

/** Of an exercise only when and under which offset it began. */
export interface PolarExerciseOffset {
  readonly start_time: string;
  readonly start_time_utc_offset: number;
}

const ledger: Ledger = {
  start_time: carried("on which local date the offset was in force"),
  start_time_utc_offset: carried("minutes; observed for `utc_offset` of that date's Daily"),
};

/**
 * What an exercise says of its day: the offset in force. It is kept under the local hour in which the exercise
 * began ("2025-05-11T06"). Of two exercises begun within the same hour the one that was fetched last is known.
 */
export function offsetParts({
  start_time,
  start_time_utc_offset,
}: z.output<typeof schema>): readonly Part<PolarExerciseOffset>[] {
  if (typeof start_time_utc_offset !== "number") return [];
  return [{ resource: name, key: hourOf(start_time), value: { start_time, start_time_utc_offset } }];
}

/** The keys that one date has. */
export const hoursOf = (date: string): readonly string[] =>
  Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, "0")}`);

/** Never asked for: its bodies are those of exercises, of which nothing else is read. */
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
