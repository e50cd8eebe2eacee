/** Planned sessions: those in the calendar, and favourites. They are no measurements, and are kept raw. */
import { z } from "zod";
import { single } from "../../../kit/discovery.ts";
import { asSent } from "../../../kit/fields.ts";
import { ignored, type Ledger } from "../../../ledger.ts";
import { byDays, list, thing } from "../resource.ts";

const plan = "a plan, no measurement: kept raw";

/** Source: the code of one implementer (POLAR-V4 §5). */
const ledger: Ledger = {
  identifier: ignored(plan),
  name: ignored(plan),
  description: ignored(plan),
  startTime: ignored(plan),
  sport: ignored(plan),
  exercises: ignored(plan),
  phaseOrRepeat: ignored(plan),
};

const target = z.looseObject({ identifier: z.looseObject({ id: asSent }).nullish() });

/** Returns Polar's id of a target; null where it has none. */
const idOf = ({ identifier }: z.output<typeof target>): string | null =>
  typeof identifier?.id === "string" || typeof identifier?.id === "number" ? String(identifier.id) : null;

export const calendarTargets = list({
  name: "v4-calendar-targets",
  path: "/training-target/calendar-targets",
  scope: "training_targets:read",
  place: { list: "trainingTarget" },
  schema: target,
  ledger,
  discovery: byDays({ daysPerCall: 28 }),
  keys: (item, asked) => [idOf(item) ?? asked],
});

export const favoriteTargets = thing({
  name: "v4-favorite-targets",
  path: "/training-target/favorites",
  scope: "training_targets:read",
  place: { known: ["favoriteTarget"] },
  schema: z.looseObject({ favoriteTarget: asSent }),
  ledger: { favoriteTarget: ignored(plan) },
  discovery: single(false),
});
