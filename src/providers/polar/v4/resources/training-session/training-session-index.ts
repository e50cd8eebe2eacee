/**
 * The list of sessions without features: 90 days in one call. It makes no records; its lines are compared with the sessions
 * that are stored, and a day with a new or changed one is fetched whole.
 */
import { declareIndex } from "../../../../kit/declare-index.ts";
import type { Ledger } from "../../../../ledger.ts";
import { compared } from "../../../resource.ts";
import { list } from "../../resource.ts";
import { sessionLedger } from "./ledger.ts";
import { listedSessionSchema } from "./schema.ts";
import { sessionCall, sessionFingerprint, sessionIndexName, sessionName } from "./training-session.ts";

const ledger: Ledger = Object.fromEntries(Object.keys(sessionLedger).map((leaf) => [leaf, compared]));

const listedSession = list({
  ...sessionCall,
  name: sessionIndexName,
  schema: listedSessionSchema,
  ledger,
  keys: ({ identifier }) => [identifier.id],
  discovery: null,
});

export const trainingSessionIndex = declareIndex(listedSession, ({ key, value }) => {
  // A session is fetched with its day.
  const askedAs = value.startTime.slice(0, 10);
  return { resource: sessionName, key, askedAs, fingerprint: sessionFingerprint(value) };
});
