/** Routes for making records anew from the stored answers of the provider. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import {
  beginRenormalization,
  cancelRenormalization,
  resumeRenormalization,
} from "../../ingest/renormalize/control.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import {
  findRenormalization,
  listRenormalizations,
  type Renormalization,
} from "../../store/renormalizations.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, idParams, iso, isoOrNull, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";

const tags = ["Admin: renormalisation"];
const mostUsers = 1_000;
const fastest = 100_000;

const filter = {
  user_ids: z.array(id).min(1).max(mostUsers).optional(),
  types: z
    .array(z.enum(dataTypes as [DataType, ...DataType[]]))
    .min(1)
    .optional(),
  since: z.iso.date().optional().describe("The first day, compared with the records' own start; included"),
  until: z.iso
    .date()
    .optional()
    .describe("The last day, included. A profile has no start, so no range contains it"),
};

const asked = z
  .object({
    ...filter,
    all: z.boolean().default(false).describe("Required when no other filter is given"),
    dry_run: z.boolean().default(false).describe("Compares only; writes and sends nothing"),
    send_events: z.boolean().default(false).describe("Sends an event for each new revision"),
    records_per_second: z
      .number()
      .positive()
      .max(fastest)
      .optional()
      .describe("When absent: as fast as possible"),
  })
  .refine(
    ({ all, user_ids, types, since, until }) => all || (user_ids ?? types ?? since ?? until) !== undefined,
    {
      message: "needed, unless there are user_ids, types, since or until",
      path: ["all"],
    },
  );

const counted = z.record(z.string(), z.int());
const shown = component(
  "Renormalization",
  z.object({
    id,
    state: z.enum(["running", "done", "cancelled", "failed"]),
    filter: z.object({
      user_ids: z.array(id).nullable(),
      types: z.array(z.string()).nullable(),
      since: z.string().nullable(),
      until: z.string().nullable(),
    }),
    dry_run: z.boolean(),
    send_events: z.boolean(),
    records_per_second: z.number().nullable(),
    progress: z
      .object({
        phase: z
          .enum(["fold", "records", "grown", "payloads"])
          .describe(
            "First the parts that grow, then the existing records, then further parts of the payloads and of what grew",
          ),
        records: z.int(),
        records_total: z.int(),
        payloads: z.int(),
        payloads_total: z.int(),
      })
      .describe("Records and payloads handled so far; the totals were counted at the start"),
    types: z.record(
      z.string(),
      z.object({
        identical: z.int(),
        changed: z.int(),
        new: z.int(),
        unmakeable: counted.describe("By error code; these records stay as they are"),
      }),
    ),
    unreadable_payloads: counted.describe("Payloads that cannot be read, or not fully, by error code"),
    events: z.int().describe("Written"),
    differences: z
      .array(
        z.object({
          type: z.string(),
          path: z.string(),
          kind: z.string().describe("added, removed, filled (was null), emptied, changed, or rewritten"),
          records: z.int(),
          example: z.object({ user_id: id, natural_key: z.string(), path: z.string() }),
        }),
      )
      .describe("Which fields differ and in how many records, most first; never their values"),
    differences_left_out: z.int(),
    code: z.string().nullable().describe("Why it failed"),
    created_at: time,
    updated_at: time,
    finished_at: time.nullable(),
  }),
);

export function renormalizationRoutes(app: Api, services: ApiServices): void {
  beginRoute(app, services);
  readRoutes(app, services);
  moveRoutes(app, services);
}

function beginRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Rebuild records from their raw payloads",
    description:
      "A job of its own: the answer is its row. The same bytes change nothing; what differs becomes a revision.",
    body: asked,
    response: { 202: shown },
  };
  app.post("/renormalizations", { schema }, async (request, reply) => {
    const { user_ids, types, since, until, dry_run, send_events, records_per_second } = request.body;
    const job = await beginRenormalization(store, environmentIdOf(request), {
      filter: { userIds: user_ids ?? null, types: types ?? null, from: since ?? null, to: until ?? null },
      options: { dryRun: dry_run, sendEvents: send_events, recordsPerSecond: records_per_second ?? null },
    });
    const { id: jobId, dry_run: dry, send_events: sends } = show(job);
    // Noted without the filter, because it may name people.
    noteChange(request, { after: { id: jobId, types: types ?? null, dry_run: dry, send_events: sends } });
    return reply.code(202).send(show(job));
  });
}

function readRoutes(app: Api, { store }: ApiServices): void {
  const list = {
    tags,
    summary: "Jobs, newest first",
    querystring: pageQuery,
    response: { 200: pageOf(shown) },
  };
  app.get("/renormalizations", { schema: list }, async (request) => {
    const rows = await listRenormalizations(store.db, environmentIdOf(request), oneMore(request.query));
    return page(rows, request.query.limit, show);
  });
  const one = { tags, summary: "The progress of a job", params: idParams, response: { 200: shown } };
  app.get("/renormalizations/:id", { schema: one }, async (request) => {
    const wanted = { environmentId: environmentIdOf(request), renormalizationId: request.params.id };
    const job = await findRenormalization(store.db, wanted);
    if (job !== null) return show(job);
    throw new SystoleError("RESOURCE_NOT_FOUND", { renormalization_id: request.params.id });
  });
}

function moveRoutes(app: Api, { store }: ApiServices): void {
  const moves = [
    ["cancel", "Stop a job; what it has done stays", cancelRenormalization],
    ["resume", "Go on with a job that was cancelled or failed", resumeRenormalization],
  ] as const;
  for (const [name, summary, move] of moves) {
    const schema = { tags, summary, params: idParams, response: { 200: shown } };
    app.post(`/renormalizations/:id/${name}`, { schema }, async (request) => {
      const wanted = { environmentId: environmentIdOf(request), renormalizationId: request.params.id };
      return show(await move(store, wanted));
    });
  }
}

const show = (job: Renormalization): z.output<typeof shown> => ({
  id: job.renormalization_id,
  state: job.state,
  filter: {
    user_ids: job.filter.userIds && [...job.filter.userIds],
    types: job.filter.types && [...job.filter.types],
    since: job.filter.from,
    until: job.filter.to,
  },
  dry_run: job.options.dryRun,
  send_events: job.options.sendEvents,
  records_per_second: job.options.recordsPerSecond,
  progress: {
    phase: job.cursor.phase,
    records: job.counts.records,
    records_total: job.totals.records,
    payloads: job.counts.payloads,
    payloads_total: job.totals.payloads,
  },
  types: { ...job.counts.types },
  unreadable_payloads: { ...job.counts.unreadable },
  events: job.counts.events,
  differences: [...job.differences].sort((a, b) => b.records - a.records).map(showDifference),
  differences_left_out: job.counts.pathsLeftOut,
  code: job.code,
  created_at: iso(job.created_at),
  updated_at: iso(job.updated_at),
  finished_at: isoOrNull(job.finished_at),
});

const showDifference = ({ example, ...difference }: Renormalization["differences"][number]) => ({
  ...difference,
  example: { user_id: example.userId, natural_key: example.naturalKey, path: example.path },
});
