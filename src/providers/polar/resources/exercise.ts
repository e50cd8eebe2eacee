import type { ServedResource } from "../../provider.ts";
import { exerciseLedger } from "../ledger/exercise.ts";
import { exerciseSchema, type PolarExercise } from "../schema/exercise.ts";
import { exerciseIdPattern } from "../schema/fields.ts";
import { everything, listed, resource } from "./declare.ts";
import { offsetParts } from "./exercise-offset.ts";
import { filesOf } from "./files.ts";
import { exerciseFingerprint } from "./fingerprints.ts";

const query = "?samples=true&zones=true&route=true";

export const exercise: ServedResource = {
  ...resource({
    name: "exercise",
    schema: exerciseSchema,
    ledger: exerciseLedger,
    discovery: { ...listed(30, true), index: { resource: "exercise-index", key: everything } },
    envelope: "exercises",
    path: (key) => {
      if (key === everything) return `/v3/exercises${query}`;
      return exerciseIdPattern.test(key) ? `/v3/exercises/${key}${query}` : null;
    },
    keys: ({ id }) => [id],
    beside: offsetParts,
  }),
  timeOf: ({ value }) => (value as PolarExercise).start_time,
  fingerprint: ({ value }) => exerciseFingerprint(value as PolarExercise),
  followUps: filesOf,
};
