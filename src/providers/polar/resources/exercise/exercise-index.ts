/**
 * The index of exercises: a list without samples, cheaper than the exercises themselves (POLAR-API §2). It makes no
 * records; its lines are compared with the exercises that are stored.
 */
import { declareIndex } from "../../../kit/declare-index.ts";
import { everything } from "../../../kit/discovery.ts";
import type { Ledger } from "../../../ledger.ts";
import { compared, resource } from "../../resource.ts";
import { exerciseFingerprint } from "./fingerprint.ts";
import { exerciseLedger } from "./ledger.ts";
import { exerciseName, listedExerciseSchema } from "./schema.ts";

const onRequest = /^(samples|route|heart_rate_zones)(\[|$)/;

/** The ledger of an exercise without samples, zones and route. */
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
