import { nightlyRechargeLedger } from "../ledger/nightly-recharge.ts";
import { sleepLedger } from "../ledger/sleep.ts";
import { nightSchema, rechargeSchema } from "../schema/sleep.ts";
import { listed, listOrDay, resource } from "./declare.ts";

export const sleep = resource({
  name: "sleep",
  schema: nightSchema,
  ledger: sleepLedger,
  discovery: listed(28, true),
  envelope: "nights",
  path: (key) => listOrDay("/v3/users/sleep", key),
  keys: ({ date }) => [date],
});

export const nightlyRecharge = resource({
  name: "nightly-recharge",
  schema: rechargeSchema,
  ledger: nightlyRechargeLedger,
  discovery: listed(28, false),
  envelope: "recharges",
  path: (key) => listOrDay("/v3/users/nightly-recharge", key),
  keys: ({ date }) => [date],
});
