import { physicalInfoLedger } from "../ledger/physical-info.ts";
import { userLedger } from "../ledger/user.ts";
import { physicalInfoSchema, userSchema } from "../schema/person.ts";
import { dateOf, localTime } from "../time.ts";
import { alone, current, resource } from "./declare.ts";

/**
 * Kept as what holds now, as what held at the end of the day on which it was last changed, and as what was measured at
 * that time: a person may weigh twice a day.
 */
export const physicalInfo = resource({
  name: "physical-info",
  schema: physicalInfoSchema,
  ledger: physicalInfoLedger,
  discovery: alone,
  envelope: "physical_info",
  path: (key) => (key === current ? "/v3/users/physical-info" : null),
  keys: ({ modified, created }) => {
    const changed = modified ?? created;
    return changed ? [current, dateOf(changed), localTime(changed)] : [current];
  },
});

export const user = resource({
  name: "user",
  schema: userSchema,
  ledger: userLedger,
  discovery: alone,
  envelope: "user",
  path: (key, providerUserId) =>
    key === current && /^\d{1,20}$/.test(providerUserId) ? `/v3/users/${providerUserId}` : null,
  keys: () => [current],
});
