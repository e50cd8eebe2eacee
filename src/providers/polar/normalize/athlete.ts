import { type Athlete, complete } from "../../../models/index.ts";
import { current } from "../../kit/discovery.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { positive } from "../../kit/values.ts";
import { withProviderData } from "../../provider-data.ts";
import { type PolarPhysicalInfo, physicalInfo } from "../resources/physical-info.ts";
import { type PolarUser, user as userResource } from "../resources/user.ts";
import { toldOfAthlete } from "../told.ts";

/** "MALE" → "male", as Terra writes it. */
function lower(word: string | null | undefined): string | null {
  return word ? word.toLowerCase() : null;
}

/**
 * Converts the registered user (GET /v3/users/{id}) and the physical info to an Athlete. Polar calls one "User's sex",
 * the other "User's gender"; each stands in for the other. Age is null, because a normaliser has no clock.
 */
function normalizePerson(user?: PolarUser, info?: PolarPhysicalInfo): Athlete {
  const id = user?.polar_user_id;
  return complete("athlete", {
    first_name: user?.first_name ?? null,
    last_name: user?.last_name ?? null,
    sex: lower(user?.gender ?? info?.gender),
    gender: lower(info?.gender ?? user?.gender),
    date_of_birth: user?.birthdate ?? info?.birthday ?? null,
    provider_user_id: id === null || id === undefined ? null : String(id),
  });
}

/**
 * Returns the limits that hold now. Terra has fields for them only in Body, on the day they were set; a request for the
 * person gets them in `provider_data`.
 */
function limitsOf(info: PolarPhysicalInfo | undefined): object | null {
  const limits = {
    vo2max_ml_per_min_per_kg: positive(info?.vo2_max),
    max_hr_bpm: positive(info?.maximum_heart_rate),
    resting_hr_bpm: positive(info?.resting_heart_rate),
  };
  return Object.values(limits).some((limit) => limit !== null) ? limits : null;
}

const naturalKey = "athlete";
const resources = [userResource, physicalInfo];

export const athleteNormalizer = withProviderData(
  "polar",
  {
    type: "athlete",
    needs: namesOf(resources),
    affects: (part) =>
      isOneOf(resources, part) && part.key === current ? [{ type: "athlete", naturalKey }] : [],
    partsOf: () => refsTo(resources, current),
    normalize(parts) {
      const user = valueFrom(parts, userResource);
      const info = valueFrom(parts, physicalInfo);
      if (!user && !info) return null;
      const limits = limitsOf(info);
      const person = normalizePerson(user, info);
      return limits ? { ...person, provider_data: { polar: { limits } } } : person;
    },
  },
  { one: resources, told: toldOfAthlete },
);
