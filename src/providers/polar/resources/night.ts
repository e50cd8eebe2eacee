import type { ServedResource } from "../../provider.ts";
import { nightlyRechargeLedger } from "../ledger/nightly-recharge.ts";
import { sleepLedger } from "../ledger/sleep.ts";
import { nightSchema, type PolarNight, rechargeSchema } from "../schema/sleep.ts";
import { everything, listed, listOrDay, resource } from "./declare.ts";
import { nightFingerprint } from "./fingerprints.ts";

export const sleep: ServedResource = {
  ...resource({
    name: "sleep",
    schema: nightSchema,
    ledger: sleepLedger,
    discovery: { ...listed(28, true), index: { resource: "sleep-index", key: everything } },
    envelope: "nights",
    path: (key) => listOrDay("/v3/users/sleep", key),
    keys: ({ date }) => [date],
  }),
  fingerprint: ({ value }) => {
    const { sleep_start_time, sleep_end_time } = value as PolarNight;
    return nightFingerprint(sleep_start_time, sleep_end_time);
  },
};

export const nightlyRecharge = resource({
  name: "nightly-recharge",
  schema: rechargeSchema,
  ledger: nightlyRechargeLedger,
  discovery: listed(28, false),
  envelope: "recharges",
  path: (key) => listOrDay("/v3/users/nightly-recharge", key),
  keys: ({ date }) => [date],
});
