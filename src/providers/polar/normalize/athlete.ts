import { type Athlete, complete } from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import type { PolarPhysicalInfo, PolarUser } from "../schema/person.ts";
import { partValue, positive } from "./values.ts";

/** "MALE" → "male", as Terra writes it. */
function lower(word: string | null | undefined): string | null {
  return word ? word.toLowerCase() : null;
}

/**
 * The registered user (GET /v3/users/{id}) and the physical info → Athlete. Polar calls one "User's sex", the
 * other "User's gender"; each stands in for the other. Age is null: a mapping has no clock.
 */
export function normalizePerson(user?: PolarUser, info?: PolarPhysicalInfo): Athlete {
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
 * The limits that hold now. Terra has fields for them in Body, where they stand on the day they were set; whoever
 * asks for the person gets them beside the person.
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

export const athleteNormalizer: Normalizer = {
  type: "athlete",
  affects: ({ resource, key }) => {
    const takesPart = resource === "user" || resource === "physical-info";
    return takesPart && key === "current" ? [{ type: "athlete", naturalKey }] : [];
  },
  partsOf: () => [
    { resource: "user", key: "current" },
    { resource: "physical-info", key: "current" },
  ],
  normalize(parts) {
    const user = partValue(parts, "user");
    const info = partValue(parts, "physical-info");
    if (!user && !info) return null;
    const limits = limitsOf(info);
    const person = normalizePerson(user, info);
    return limits ? { ...person, provider_data: { polar: { limits } } } : person;
  },
};
