/** What providers told us, what we asked for ourselves, and what became of it. */
import { z } from "zod";
import { noEnvironment } from "../../store/identifiers.ts";
import { listNotifications, type NotificationSummary } from "../../store/notifications.ts";
import { rankOf, ranks } from "../../store/ranks.ts";
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
    .describe("Who asked: the provider, or Systole itself"),
  rank: z.enum(ranks).describe("Which of the provider's calls come first: from backfill to notification"),
  state: z.enum(states),
  code: z.string().nullable().describe("Why it is not done, as in docs/errors.md"),
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
    description: "Refused ones belong to no environment, since only a good signature tells whose they are.",
    querystring,
    response: { 200: pageOf(shown) },
  };
  app.get("/notifications", { schema }, async (request) => {
    const { state, user_id: userId, ...wanted } = request.query;
    const environments = [environmentIdOf(request), noEnvironment];
    const filter = { state, userId, ...oneMore(wanted) };
    return page(await listNotifications(store.db, environments, filter), wanted.limit, show);
  });
}

const show = (row: NotificationSummary) => ({
  id: row.notification_id,
  provider: row.provider,
  origin: row.origin,
  rank: rankOf(row.priority),
  state: row.state,
  code: row.code,
  event: row.event,
  provider_user_id: row.provider_user_id,
  user_id: row.user_id,
  fetches: row.fetches,
  attempts: row.attempts,
  next_attempt_at: isoOrNull(row.next_attempt_at),
  trace_id: row.trace_id,
  details: row.details,
  received_at: iso(row.received_at),
  finished_at: isoOrNull(row.finished_at),
});
