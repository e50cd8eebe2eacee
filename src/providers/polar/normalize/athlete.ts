import { type Athlete, complete } from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import type { PolarPhysicalInfo, PolarUser } from "../schema/person.ts";
import { partValue } from "./values.ts";

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
    return user || info ? normalizePerson(user, info) : null;
  },
};
