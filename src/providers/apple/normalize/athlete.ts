import { type Athlete, complete } from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import { personKey } from "../healthkit/growing-parts.ts";
import type { Characteristics } from "../healthkit/readings.ts";
import { beside } from "./provider-data.ts";
import { isGrowing, needsOf, RecordParts, settingsRef } from "./record-parts.ts";

/**
 * Returns the person. The birth date is only passed on where the environment wants it. Age is null, because a normaliser
 * has no clock.
 */
function normalizePerson(parts: RecordParts): object | null {
  const [me] = parts.items("characteristics");
  if (me === undefined || Object.values(toldOf(me)).every((value) => value === null)) return null;
  const athlete: Athlete = complete("athlete", {
    sex: me.sex,
    date_of_birth: parts.settings.withBirthDate ? me.birthDate : null,
  });
  return beside(athlete, { blood_type: me.bloodType, skin_type: me.skinType });
}

/** People who told nothing have characteristics too. */
const toldOf = ({ sex, birthDate, bloodType, skinType }: Characteristics) => ({
  sex,
  birthDate,
  bloodType,
  skinType,
});

const naturalKey = "athlete";

export const athleteNormalizer: Normalizer = {
  type: "athlete",
  needs: needsOf("characteristics"),
  affects: (part) => (isGrowing("characteristics", part) ? [{ type: "athlete", naturalKey }] : []),
  partsOf: () => [settingsRef, { resource: "characteristics", key: personKey }],
  normalize: (parts) => normalizePerson(new RecordParts(parts)),
};
