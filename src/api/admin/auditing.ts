/** Writes every requested change to the audit log: before it is made, and again with its outcome. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import { beginAudit, endAudit } from "../../store/audit-log.ts";
import type { Actor } from "../../store/operators.ts";
import type { Database } from "../../store/tables.ts";
import { asSystoleError } from "../errors.ts";
import type { Api } from "../schema.ts";

declare module "fastify" {
  interface FastifyRequest {
    audit: AuditNote | null;
  }
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** A change to what is an account's own, which a viewer may make too; the route refuses what is not. */
    own?: boolean;
  }
}

interface AuditNote {
  readonly id: string;
  code?: string;
  before?: unknown;
  after?: unknown;
}

const reads = new Set(["GET", "HEAD"]);
export const longestClient = 200;

/** Notes the effect of a change. It may contain only what the admin API shows, never a secret. */
export function noteChange(request: FastifyRequest, change: Pick<AuditNote, "before" | "after">): void {
  if (request.audit !== null) Object.assign(request.audit, change);
}

/** Writes the entry of a change that is about to be made. */
export async function beginChange(db: Database, request: FastifyRequest, actor: Actor): Promise<void> {
  request.audit = { id: await beginAudit(db, entryOf(request, actor)) };
}

export function auditChanges(admin: Api, db: Database): void {
  admin.decorateRequest("operator", null);
  admin.decorateRequest("audit", null);
  admin.decorateRequest("accountSession", null);
  // Runs after the hooks that find the caller and the environment.
  admin.addHook("preParsing", async (request) => {
    const { operator } = request;
    if (reads.has(request.method) || operator === null) return;
    await beginChange(db, request, operator);
    const isOwn = request.routeOptions.config.own === true && request.accountSession !== null;
    if (operator.role !== "admin" && !isOwn) throw new SystoleError("OPERATOR_FORBIDDEN");
  });
  admin.addHook("onError", async (request, _reply, error) => {
    if (request.audit !== null) request.audit.code = asSystoleError(error).code;
  });
  // Runs before the answer is sent, so that a caller who has it finds the outcome in the log.
  admin.addHook("onSend", async (request, reply) => keepOutcome(db, request, reply));
}

const entryOf = (request: FastifyRequest, actor: Actor) => ({
  actor,
  action: `${request.method} ${request.routeOptions.url}`,
  target: request.url.split("?", 1)[0] ?? "",
  environmentId: request.environment?.environment_id ?? null,
  address: request.ip,
  client: request.headers["user-agent"]?.slice(0, longestClient) ?? null,
  traceId: request.id,
});

/** Writes the outcome. The entry exists in any case; if this fails, it has no outcome. */
async function keepOutcome(db: Database, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { audit } = request;
  if (audit === null) return;
  const { id, ...noted } = audit;
  const changed = reply.statusCode < 400 ? noted : { code: noted.code };
  await endAudit(db, id, { status: reply.statusCode, ...changed }).catch((err: unknown) =>
    request.log.error({ err, audit_id: id }, "outcome of a change not written"),
  );
}
