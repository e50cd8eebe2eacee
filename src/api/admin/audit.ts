/** The route that reads the audit log. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { type AuditEntry, listAudit } from "../../store/audit-log.ts";
import { type Environment, findEnvironment, listEnvironments } from "../../store/environments.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, instant, iso, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";

const shown = z.object({
  id,
  at: time,
  operator: z.object({
    kind: z.enum(["token", "operator", "process", "command"]).describe("`token`: the admin token"),
    id: z.string(),
    name: z.string(),
  }),
  environment: z
    .string()
    .nullable()
    .describe("The dev-id; null for a change that is not about one environment"),
  action: z.string().describe("Method and route"),
  target: z.string(),
  address: z.string().nullable(),
  client: z.string().nullable().describe("The User-Agent"),
  trace_id: z.string().nullable(),
  status: z.int().nullable().describe("Null: the process ended before the answer"),
  code: z.string().nullable(),
  before: z.unknown().describe("Secrets are masked"),
  after: z.unknown().describe("Secrets are masked"),
});

const text = z.string().min(1).max(200).optional();

export function auditRoutes(app: Api, { store: { db } }: ApiServices): void {
  const schema = {
    tags: ["Admin: operators"],
    summary: "The audit log, newest first",
    querystring: pageQuery.extend({
      since: instant.optional(),
      until: instant.optional(),
      operator: text.describe("A name or id"),
      action: text.describe("A part of it, e.g. `DELETE` or `/destinations`"),
      target: text.describe("A part of it, e.g. a user_id"),
      environment: text.describe("A dev-id"),
    }),
    response: { 200: pageOf(shown) },
  };
  app.get("/audit", { schema }, async (request) => {
    const { environment: devId, limit, before, ...filter } = request.query;
    const environments = await listEnvironments(db);
    const environment = devId === undefined ? null : await findEnvironment(db, devId);
    if (devId !== undefined && environment === null) {
      throw new SystoleError("RESOURCE_NOT_FOUND", { environment: devId });
    }
    const wanted = { ...filter, environmentId: environment?.environment_id };
    const rows = await listAudit(db, wanted, oneMore({ limit, before }));
    return page(rows, limit, (row) => show(row, environments));
  });
}

const show = (row: AuditEntry, environments: readonly Environment[]): z.output<typeof shown> => ({
  id: row.audit_id,
  at: iso(row.at),
  operator: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  environment:
    environments.find(({ environment_id }) => environment_id === row.environment_id)?.dev_id ?? null,
  action: row.action,
  target: row.target,
  address: row.address,
  client: row.client,
  trace_id: row.trace_id,
  status: row.status,
  code: row.code,
  before: row.before,
  after: row.after,
});
