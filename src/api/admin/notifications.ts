/** Routes that list notifications and fetch tasks, with their outcome. */
import { z } from "zod";
import { noEnvironment } from "../../store/identifiers.ts";
import { type Rank, rankOf, ranks } from "../../store/ranks.ts";
import { listSyncLog, type SyncLogEntry } from "../../store/sync-log.ts";
import type { TaskKind } from "../../store/tables.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, iso, isoOrNull, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";

const states = ["accepted", "done", "failed", "waiting", "refused", "ignored"] as const;

const shown = z.object({
  id,
  provider: z.string(),
  origin: z
    .enum(["provider", "connect", "request", "reconcile", "backfill"])
    .describe("The origin: the provider, or Systole itself"),
  rank: z.enum(ranks).describe("The priority of its calls: from backfill to notification"),
  state: z.enum(states),
  code: z.string().nullable().describe("The reason why it is not done, with a code of docs/errors.md"),
  event: z.string().nullable(),
  provider_user_id: z.string().nullable(),
  user_id: z.string().nullable(),
  fetches: z.array(z.object({ resource: z.string(), key: z.string() })),
  attempts: z.int(),
  next_attempt_at: time.nullable(),
  trace_id: z.string(),
  details: z.unknown(),
  received_at: time,
  finished_at: time.nullable(),
});

const querystring = pageQuery.extend({ state: z.enum(states).optional(), user_id: id.optional() });

export function notificationRoutes(app: Api, { store }: ApiServices): void {
  const schema = {
    tags: ["Admin: notifications"],
    summary: "Notifications, newest first",
    description: "Refused ones belong to no environment, since only a valid signature shows the environment.",
    querystring,
    response: { 200: pageOf(shown) },
  };
  app.get("/notifications", { schema }, async (request) => {
    const { state, user_id: userId, ...wanted } = request.query;
    const environments = [environmentIdOf(request), noEnvironment];
    const filter = { state, userId, ...oneMore(wanted) };
    return page(await listSyncLog(store.db, environments, filter), wanted.limit, show);
  });
}

const show = (entry: SyncLogEntry) => ({
  id: entry.id,
  provider: entry.provider,
  origin: originOf(entry.kind, rankOf(entry.priority)),
  rank: rankOf(entry.priority),
  state: entry.state,
  code: entry.code,
  event: entry.event ?? eventNames[entry.kind as keyof typeof eventNames],
  provider_user_id: entry.provider_user_id,
  user_id: entry.user_id,
  fetches: [...entry.fetches],
  attempts: entry.attempts,
  next_attempt_at: isoOrNull(entry.next_attempt_at),
  trace_id: entry.trace_id,
  details: entry.details,
  received_at: iso(entry.received_at),
  finished_at: isoOrNull(entry.finished_at),
});

/** The names in this answer of the tasks that Systole makes by itself. */
const eventNames: Readonly<Record<Exclude<TaskKind, "announced">, string>> = {
  connect: "CONNECTED",
  refresh: "REFRESH",
  reconcile: "RECONCILE",
  backfill: "BACKFILL",
  file: "FOLLOW_UP",
  "second-look": "SECOND_LOOK",
  revoke: "REVOKE",
  given: "GIVEN",
  "permission-ended": "PERMISSION_ENDED",
  "scopes-changed": "SCOPES_CHANGED",
};

type Origin = z.output<typeof shown>["origin"];

const origins: Readonly<Record<Exclude<TaskKind, "file">, Origin>> = {
  announced: "provider",
  connect: "connect",
  refresh: "request",
  reconcile: "reconcile",
  backfill: "backfill",
  "second-look": "request",
  revoke: "request",
  given: "provider",
  "permission-ended": "provider",
  "scopes-changed": "provider",
};

/** Returns the origin of a task. A file has the origin of the resource it belongs to. */
function originOf(kind: TaskKind, rank: Rank): Origin {
  if (kind !== "file") return origins[kind];
  return rank === "reconcile" || rank === "backfill" ? rank : "request";
}
