/** The athlete as v4 tells of them: the account and the devices. */
import { type Athlete, complete } from "../../../../models/index.ts";
import { current } from "../../../kit/discovery.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../../kit/parts.ts";
import { positive } from "../../../kit/values.ts";
import { withProviderData } from "../../../provider-data.ts";
import { toldOfAthlete } from "../../told.ts";
import { account, type V4Account } from "../resources/account.ts";
import { userDevices } from "../resources/user-devices.ts";

/** Returns the limits that hold now, under the names that v3's record has. */
function limitsOf({ physicalInformation: info }: V4Account): object | null {
  const limits = {
    vo2max_ml_per_min_per_kg: positive(info?.vo2Max),
    max_hr_bpm: positive(info?.maximumHeartRate),
    resting_hr_bpm: positive(info?.restingHeartRate),
  };
  return Object.values(limits).some((limit) => limit !== null) ? limits : null;
}

/** Converts the account (GET /v4/data/user/account-data) to an Athlete. It has neither a name nor an id. */
function normalizePerson({ physicalInformation: info }: V4Account): Athlete {
  const sex = info?.sex ? info.sex.toLowerCase() : null;
  return complete("athlete", { sex, gender: sex, date_of_birth: info?.birthday ?? null });
}

const naturalKey = "athlete";
const resources = [account, userDevices];

export const athleteOfV4 = withProviderData(
  "polar",
  {
    type: "athlete",
    needs: namesOf(resources),
    affects: (part) => (isOneOf(resources, part) ? [{ type: "athlete", naturalKey }] : []),
    partsOf: () => refsTo(resources, current),
    normalize(parts) {
      const told = valueFrom(parts, account);
      if (told === undefined) return null;
      const limits = limitsOf(told);
      const person = normalizePerson(told);
      return limits ? { ...person, provider_data: { polar: { limits } } } : person;
    },
  },
  { one: resources, told: toldOfAthlete },
);
