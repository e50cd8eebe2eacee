import { complete } from "../../../models/index.ts";
import { current } from "../../kit/discovery.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { heartRateZones, userSettings, weightGoals } from "../resources/person.ts";

const naturalKey = "athlete";
const sources = [userSettings, weightGoals, heartRateZones];

/** Makes an Athlete of the settings, the goals for the weight and the heart rate zones. Garmin gives no name, no age and no sex. */
const fromParts: Normalizer = {
  type: "athlete",
  needs: namesOf(sources),
  affects: (part) => (isOneOf(sources, part) ? [{ type: "athlete", naturalKey }] : []),
  partsOf: () => [
    ...refsTo([userSettings, weightGoals], current),
    { resource: heartRateZones.name, key: "sport/", prefix: true },
  ],
  normalize: (parts) => (valueFrom(parts, userSettings) === undefined ? null : complete("athlete", {})),
};

export const athleteNormalizer = withProviderData("garmin", fromParts, {
  one: [userSettings, weightGoals],
  several: [heartRateZones],
});
