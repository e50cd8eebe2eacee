import { physicalInfoLedger } from "../ledger/physical-info.ts";
import { userLedger } from "../ledger/user.ts";
import { physicalInfoSchema, userSchema } from "../schema/person.ts";
import { dateOf } from "../time.ts";
import { alone, current, resource } from "./declare.ts";

/** Kept as what holds now, and as what was measured on the day it was last changed. */
export const physicalInfo = resource({
  name: "physical-info",
  schema: physicalInfoSchema,
  ledger: physicalInfoLedger,
  discovery: alone,
  envelope: "physical_info",
  path: (key) => (key === current ? "/v3/users/physical-info" : null),
  keys: ({ modified, created }) => {
    const changed = modified ?? created;
    return changed ? [current, dateOf(changed)] : [current];
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
