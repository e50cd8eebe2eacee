/** The performance of a destination. */
import { z } from "zod";
import {
  type AttemptStats,
  mostAttempts,
  mostWaiting,
  readAttemptStats,
  readWaiting,
} from "../../store/destination-stats.ts";
import type { StoredDestination } from "../../store/destinations.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { foundDestination } from "./destination-change.ts";
import { idParams, isoOrNull, time } from "./parameters.ts";

const hourMs = 3_600_000;
const millis = z.int().nullable().describe("Milliseconds; of the attempts that delivered");

const stats = component(
  "DestinationStats",
  z.object({
    state: z
      .enum(["well", "failing", "paused", "disabled"])
      .describe(
        "`failing`: nothing succeeds, and attempts are spaced out; `disabled`: switched off by Systole",
      ),
    failing_since: time.nullable(),
    disabled_code: z.string().nullable(),
    pending: z.int().describe(`Deliveries that wait; counted no further than ${mostWaiting}`),
    dead: z.int().describe(`Deliveries that were given up; counted no further than ${mostWaiting}`),
    lag_seconds: z.number().nullable().describe("Age of the oldest delivery that waits; null when none does"),
    attempts: z.int().describe(`Of the hours asked for; of more than ${mostAttempts} the newest`),
    complete: z.boolean().describe("Whether these are all attempts of the hours asked for"),
    success_rate: z.number().min(0).max(1).nullable().describe("Null without attempts"),
    latency: z.object({ p50_ms: millis, p95_ms: millis, p99_ms: millis }),
    counted_from: time.nullable().describe("The oldest attempt that was counted"),
  }),
);

export function destinationStatsRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Admin: destinations"],
    summary: "The performance of a destination: deliveries that wait, success rate, latency",
    params: idParams,
    querystring: z.object({ hours: z.coerce.number().int().min(1).max(168).default(24) }),
    response: { 200: stats },
  };
  app.get("/destinations/:id/stats", { schema }, async (request) => {
    const target = { environmentId: environmentIdOf(request), destinationId: request.params.id };
    const kept = await foundDestination(services, target);
    const since = new Date(Date.now() - request.query.hours * hourMs);
    const { db } = services.store;
    const [attempts, waiting] = await Promise.all([
      readAttemptStats(db, target, since),
      readWaiting(db, target),
    ]);
    const { oldestPending } = waiting;
    return {
      ...standing(kept),
      pending: waiting.pending,
      dead: waiting.dead,
      lag_seconds: oldestPending && Math.max(0, (Date.now() - oldestPending.getTime()) / 1_000),
      ...shownAttempts(attempts),
    };
  });
}

const standing = ({ active, disabled_code, failing_since }: StoredDestination) => ({
  state: stateOf(active, disabled_code, failing_since),
  failing_since: isoOrNull(failing_since),
  disabled_code,
});

function stateOf(active: boolean, disabledCode: string | null, failingSince: Date | null) {
  if (!active) return disabledCode === null ? ("paused" as const) : ("disabled" as const);
  return failingSince === null ? ("well" as const) : ("failing" as const);
}

const shownAttempts = ({ attempts, delivered, p50, p95, p99, from }: AttemptStats) => ({
  attempts,
  complete: attempts < mostAttempts,
  success_rate: attempts === 0 ? null : delivered / attempts,
  latency: { p50_ms: p50, p95_ms: p95, p99_ms: p99 },
  counted_from: isoOrNull(from),
});
