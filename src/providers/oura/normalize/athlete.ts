import { complete } from "../../../models/index.ts";
import { current } from "../../kit/discovery.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { personalInfo, ring } from "../resources/person.ts";

const naturalKey = "athlete";

/** Converts the profile (GET /v2/usercollection/personal_info) to an Athlete, with the person's rings beside it. */
const fromParts: Normalizer = {
  type: "athlete",
  needs: namesOf([personalInfo, ring]),
  affects: (part) => (isOneOf([personalInfo, ring], part) ? [{ type: "athlete", naturalKey }] : []),
  partsOf: () => [...refsTo([personalInfo], current), { resource: ring.name, key: "ring/", prefix: true }],
  normalize(parts) {
    const person = valueFrom(parts, personalInfo);
    if (person === undefined) return null;
    return complete("athlete", {
      sex: person.biological_sex?.toLowerCase() ?? null,
      age: person.age ?? null,
      email: person.email ?? null,
      provider_user_id: person.id,
    });
  },
};

export const athleteNormalizer = withProviderData("oura", fromParts, {
  one: [personalInfo],
  several: [ring],
});
