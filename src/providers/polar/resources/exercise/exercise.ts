import { everything } from "../../../kit/discovery.ts";
import type { Part, ResourceRef } from "../../../provider.ts";
import { listed, resource } from "../../resource.ts";
import { sessionInV4 } from "../../v4/announced.ts";
import { exerciseFit } from "../exercise-fit.ts";
import { exerciseGpx } from "../exercise-gpx.ts";
import { exerciseTcx } from "../exercise-tcx.ts";
import { exerciseIndex } from "./exercise-index.ts";
import { offsetParts } from "./exercise-offset.ts";
import { exerciseFingerprint } from "./fingerprint.ts";
import { exerciseLedger } from "./ledger.ts";
import { exerciseIdPattern, exerciseName, exerciseSchema, type PolarExercise } from "./schema.ts";

const query = "?samples=true&zones=true&route=true";

export const exercise = resource({
  name: exerciseName,
  schema: exerciseSchema,
  ledger: exerciseLedger,
  discovery: { ...listed(30, true), index: { resource: exerciseIndex.name, key: everything } },
  envelope: "exercises",
  path: (key) => {
    if (key === everything) return `/v3/exercises${query}`;
    return exerciseIdPattern.test(key) ? `/v3/exercises/${key}${query}` : null;
  },
  keys: ({ id }) => [id],
  beside: offsetParts,
  timeOf: ({ value }) => value.start_time,
  fingerprint: ({ value }) => exerciseFingerprint(value),
  followUps: filesOf,
});

/**
 * Returns the files of an exercise, and the day of its session in v4. Every exercise has FIT and TCX, according to Polar;
 * GPX exists only with a route.
 */
function filesOf({ key, value: { has_route, start_time } }: Part<PolarExercise>): readonly ResourceRef[] {
  const formats = has_route === true ? [exerciseFit, exerciseTcx, exerciseGpx] : [exerciseFit, exerciseTcx];
  return [
    ...formats.map(({ name }) => ({ resource: name, key })),
    ...(typeof start_time === "string" ? sessionInV4(start_time) : []),
  ];
}
