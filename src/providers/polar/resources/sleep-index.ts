/** The index of nights. It makes no records; its lines are compared with the nights that are stored (POLAR-API §3). */
import { z } from "zod";
import { declareIndex } from "../../kit/declare-index.ts";
import { everything } from "../../kit/discovery.ts";
import { date, time } from "../../kit/fields.ts";
import type { Ledger } from "../../ledger.ts";
import { compared, resource } from "../resource.ts";
import { nightFingerprint } from "./night-fingerprint.ts";

/** GET /v3/users/sleep/available (Polar's OpenAPI, available-sleeps). */
const schema = z.looseObject({ date, start_time: time, end_time: time });

const ledger: Ledger = { date: compared, start_time: compared, end_time: compared };

const availableNight = resource({
  name: "sleep-index",
  schema,
  ledger,
  discovery: null,
  envelope: "available",
  path: (key) => (key === everything ? "/v3/users/sleep/available" : null),
  keys: ({ date }) => [date],
});

export const sleepIndex = declareIndex(availableNight, ({ key, value: { start_time, end_time } }) => ({
  resource: "sleep",
  key,
  fingerprint: nightFingerprint(start_time, end_time),
}));
