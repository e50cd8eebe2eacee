/**
 * Lists that are cheaper than the things in them (POLAR-API §2, §3): all exercises without their samples, and
 * the nights there are. Nothing is made of them; what they list is compared with what is held.
 */
import { type IndexEntry, type Part, PartlyReadableError, type ServedResource } from "../../provider.ts";
import { exerciseIndexLedger, sleepIndexLedger } from "../ledger/indexes.ts";
import { listedExerciseSchema, type PolarExercise } from "../schema/exercise.ts";
import { type AvailableNight, availableNightSchema } from "../schema/indexes.ts";
import { everything, resource } from "./declare.ts";
import { exerciseFingerprint, nightFingerprint } from "./fingerprints.ts";

const listedExercise = resource({
  name: "exercise-index",
  schema: listedExerciseSchema,
  ledger: exerciseIndexLedger,
  discovery: null,
  envelope: "exercises",
  path: (key) => (key === everything ? "/v3/exercises" : null),
  keys: ({ id }) => [id],
});

export const exerciseIndex = indexOf(listedExercise, ({ key, value }) => ({
  resource: "exercise",
  key,
  fingerprint: exerciseFingerprint(value as PolarExercise),
}));

const availableNight = resource({
  name: "sleep-index",
  schema: availableNightSchema,
  ledger: sleepIndexLedger,
  discovery: null,
  envelope: "available",
  path: (key) => (key === everything ? "/v3/users/sleep/available" : null),
  keys: ({ date }) => [date],
});

export const sleepIndex = indexOf(availableNight, ({ key, value }) => {
  const { start_time, end_time } = value as AvailableNight;
  return { resource: "sleep", key, fingerprint: nightFingerprint(start_time, end_time) };
});

/** Lines that cannot be read are left out, and told: the others are worth as much without them. */
function indexOf(list: ServedResource, entry: (line: Part) => IndexEntry): ServedResource {
  const lines = (body: unknown): readonly Part[] => {
    try {
      return list.parts(everything, body);
    } catch (error) {
      if (error instanceof PartlyReadableError) return error.readable;
      throw error;
    }
  };
  return {
    ...list,
    parts(_key, body) {
      try {
        list.parts(everything, body);
        return [];
      } catch (error) {
        throw error instanceof PartlyReadableError ? new PartlyReadableError(error, []) : error;
      }
    },
    entries: (body) => lines(body).map(entry),
  };
}
