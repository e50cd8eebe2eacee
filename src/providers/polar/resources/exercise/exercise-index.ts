/**
 * All exercises without their samples: a list that is cheaper than what is in it (POLAR-API §2). Nothing is made of
 * it; what it lists is compared with what is held.
 */
import { declareIndex } from "../../../kit/declare-index.ts";
import { everything } from "../../../kit/discovery.ts";
import type { Ledger } from "../../../ledger.ts";
import { compared, resource } from "../../resource.ts";
import { exerciseFingerprint } from "./fingerprint.ts";
import { exerciseLedger } from "./ledger.ts";
import { exerciseName, listedExerciseSchema } from "./schema.ts";

const onRequest = /^(samples|route|heart_rate_zones)(\[|$)/;

/** An exercise without samples, zones and route. */
const ledger: Ledger = Object.fromEntries(
  Object.keys(exerciseLedger)
    .filter((leaf) => !onRequest.test(leaf))
    .map((leaf) => [leaf, compared]),
);

const listedExercise = resource({
  name: "exercise-index",
  schema: listedExerciseSchema,
  ledger,
  discovery: null,
  envelope: "exercises",
  path: (key) => (key === everything ? "/v3/exercises" : null),
  keys: ({ id }) => [id],
});

export const exerciseIndex = declareIndex(listedExercise, ({ key, value }) => ({
  resource: exerciseName,
  key,
  fingerprint: exerciseFingerprint(value),
}));
