import { exerciseSchema } from "../schema/exercise.ts";
import { exerciseIdPattern } from "../schema/fields.ts";
import { everything, listed, resource } from "./declare.ts";

const query = "?samples=true&zones=true&route=true";

export const exercise = resource({
  name: "exercise",
  schema: exerciseSchema,
  ledger: {},
  discovery: listed(30, true),
  envelope: "exercises",
  path: (key) => {
    if (key === everything) return `/v3/exercises${query}`;
    return exerciseIdPattern.test(key) ? `/v3/exercises/${key}${query}` : null;
  },
  keys: ({ id }) => [id],
});
