/** Parameters and answers that all replays share. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ReplayResult, ReplayRun } from "../../delivery/replay-parts.ts";
import { SystoleError } from "../../errors.ts";
import { environmentIdOf } from "../auth.ts";
import type { ApiServices } from "../services.ts";
import { foundDestination } from "./destination-change.ts";
import { id } from "./parameters.ts";

export const dryRun = { dry_run: z.boolean().default(false).describe("Counts only, and plans nothing") };

export const parts = {
  limit: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Handles at most this many; `next` then says where to continue"),
  after: id.optional().describe("`next` of the previous call"),
};

export const counts = {
  deliveries: z.int().describe("Deliveries that were planned, or that a dry run would plan"),
  already_pending: z.int().describe("Events left out because they are already pending for that destination"),
  dry_run: z.boolean(),
};

export const next = { next: id.nullable().describe("Null when there is no more") };

export const showCounts = ({ deliveries, alreadyPending }: ReplayResult, dry: boolean) => ({
  deliveries,
  already_pending: alreadyPending,
  dry_run: dry,
});

/** Returns 202 for a replay that is planned and sent from now on. A dry run is already complete. */
export const statusOf = (dry: boolean): 200 | 202 => (dry ? 200 : 202);

interface RunParameters {
  readonly dry_run: boolean;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/**
 * Runs a replay while the caller waits. If the caller leaves, the replay ends with the part in progress; the log says
 * where.
 */
export async function whileCallerWaits<Result extends ReplayResult>(
  request: FastifyRequest,
  reply: FastifyReply,
  { dry_run: dry, limit, after }: RunParameters,
  replay: (run: ReplayRun) => Promise<Result>,
): Promise<Result> {
  const left = new AbortController();
  reply.raw.once("close", () => left.abort());
  const { signal } = left;
  const run = { environmentId: environmentIdOf(request), dryRun: dry, limit, after, signal };
  const result = await replay(run);
  if (signal.aborted) {
    const { deliveries, next: goOn } = result;
    request.log.warn({ deliveries, next: goOn }, "replay ended where it was: its caller has left");
  }
  return result;
}

/** @throws SystoleError RESOURCE_NOT_FOUND, DESTINATION_INACTIVE */
export async function assertReplayable(
  services: ApiServices,
  environmentId: string,
  destinationId: string | undefined,
): Promise<void> {
  if (destinationId === undefined) return;
  const { active } = await foundDestination(services, { environmentId, destinationId });
  if (!active) throw new SystoleError("DESTINATION_INACTIVE", { destination_id: destinationId });
}
