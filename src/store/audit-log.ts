/**
 * The audit log: who changed what. An entry is written before the change and its outcome after it, so no
 * change is without an entry, and an entry without an outcome shows that the process died. Neither row is
 * ever changed; the migration of the tables describes how that is enforced.
 */
import { type Selectable, sql } from "kysely";
import { newId } from "./identifiers.ts";
import type { AuditLogTable, AuditOutcomesTable, DatabaseOrTransaction } from "./tables.ts";

export type AuditEntry = Selectable<AuditLogTable> & {
  readonly [Field in "status" | "code" | "before" | "after"]: Selectable<AuditOutcomesTable>[Field] | null;
};

export interface NewEntry {
  /** `process`: a start of the server; `command`: a command that works directly on the database. */
  readonly actor: {
    readonly kind: "token" | "operator" | "process" | "command";
    readonly id: string;
    readonly name: string;
  };
  readonly action: string;
  readonly target: string;
  readonly environmentId?: string | null;
  readonly address?: string | null;
  readonly client?: string | null;
  readonly traceId?: string | null;
}

/** Returns the entry's id, which its outcome needs. */
export async function beginAudit(db: DatabaseOrTransaction, entry: NewEntry): Promise<string> {
  const { actor, action, target, environmentId, address, client, traceId } = entry;
  const row = {
    audit_id: newId(),
    environment_id: environmentId ?? null,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    action,
    target,
    address: address ?? null,
    client: client ?? null,
    trace_id: traceId ?? null,
  };
  await db.insertInto("audit_log").values(row).execute();
  return row.audit_id;
}

export interface Outcome {
  /** The HTTP status of the answer; 200 without a request. */
  readonly status: number;
  readonly code?: string | null | undefined;
  /** Never a secret: settings as the admin API shows them. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export async function endAudit(
  db: DatabaseOrTransaction,
  auditId: string,
  { status, code, before, after }: Outcome,
): Promise<void> {
  const row = {
    audit_id: auditId,
    status,
    code: code ?? null,
    before: before === undefined ? null : JSON.stringify(before),
    after: after === undefined ? null : JSON.stringify(after),
  };
  await db.insertInto("audit_outcomes").values(row).execute();
}

export interface AuditFilter {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** An operator's name or id. */
  readonly operator?: string | undefined;
  /** A part of the action, e.g. `DELETE` or `/destinations`. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly environmentId?: string | undefined;
}

/** Returns the newest first. */
export function listAudit(
  db: DatabaseOrTransaction,
  { since, until, operator, action, target, environmentId }: AuditFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<AuditEntry[]> {
  return db
    .selectFrom("audit_log")
    .leftJoin("audit_outcomes", "audit_outcomes.audit_id", "audit_log.audit_id")
    .selectAll("audit_log")
    .select(["status", "code", "before", "after"])
    .$if(since !== undefined, (all) => all.where("audit_log.at", ">=", since as Date))
    .$if(until !== undefined, (all) => all.where("audit_log.at", "<", until as Date))
    .$if(operator !== undefined, (all) =>
      all.where(({ eb, or }) =>
        or([eb("actor_name", "=", operator as string), eb("actor_id", "=", operator as string)]),
      ),
    )
    .$if(action !== undefined, (all) => all.where(sql<boolean>`strpos(action, ${action}) > 0`))
    .$if(target !== undefined, (all) => all.where(sql<boolean>`strpos(target, ${target}) > 0`))
    .$if(environmentId !== undefined, (all) => all.where("environment_id", "=", environmentId as string))
    .$if(before !== undefined, (all) => all.where("audit_log.audit_id", "<", before as string))
    .orderBy("audit_log.audit_id", "desc")
    .limit(limit)
    .execute();
}

/** Deletes entries past their retention; the database refuses to delete anything younger than 31 days. */
export async function expireAudit(db: DatabaseOrTransaction, before: Date): Promise<number> {
  const { rows } = await sql<{ gone: string }>`SELECT systole_expire_audit(${before}) AS gone`.execute(db);
  return Number(rows[0]?.gone ?? 0);
}
