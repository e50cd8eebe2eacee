/** Training sessions with everything that Polar has of them: one call a day (POLAR-V4 §3). */
import { rangeKey } from "../../../../kit/discovery.ts";
import { accesslink } from "../../../names.ts";
import { byDays, list } from "../../resource.ts";
import { sessionLedger } from "./ledger.ts";
import { sessionSchema } from "./schema.ts";

export const sessionCall = {
  path: "/training-sessions/list",
  scope: "training_sessions:read",
  place: { list: "trainingSessions" },
  withTimes: true,
} as const;

/** What Polar leaves out unless it is named. */
const features = [
  "samples",
  "test-results",
  "training-load-report",
  "laps",
  "hill-splits",
  "routes",
  "statistics",
  "zones",
  "pause-times",
  "strength-training-results",
  "comments",
];

export const sessionIndexName = "v4-training-session-index";

/** A hundred years: only empty answers show how far back the sessions go. */
const longestReachDays = 36_500;

const minute = 60_000;
/** The index tells of changes, so that days are not read again. */
const polling = { everyMs: 15 * minute, quietMs: 120 * minute, rereadDays: 0 };

export const sessionName = "v4-training-session";

/** Changes when the session does; the same in the list without features. */
export const sessionFingerprint = ({ modified }: { readonly modified?: unknown }): string =>
  String(modified ?? "there");

export const trainingSession = list({
  ...sessionCall,
  name: sessionName,
  features,
  schema: sessionSchema,
  ledger: sessionLedger,
  keys: ({ identifier }) => [identifier.id],
  timeOf: ({ value }) => value.startTime,
  fingerprint: ({ value }) => sessionFingerprint(value),
  discovery: {
    ...byDays({ daysPerCall: 1, reachDays: longestReachDays, polling }),
    announcedBy: accesslink,
    dayIndex: { resource: sessionIndexName, daysPerCall: 90, key: rangeKey, tellsChanges: true },
    history: { emptyWindows: 3, windowDays: 90 },
  },
});
