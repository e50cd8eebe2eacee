/** People and programs with their own token for the admin API. A token is shown once and stored as its hash. */
import { timingSafeEqual } from "node:crypto";
import type { Selectable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import { tokenInForce } from "./admin-tokens.ts";
import { newId } from "./identifiers.ts";
import type { DatabaseOrTransaction, OperatorsTable } from "./tables.ts";

export type Operator = Selectable<OperatorsTable>;
export type Role = Operator["role"];

/** The caller: a named operator, or a holder of the admin token. */
export interface Actor {
  readonly kind: "token" | "operator";
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

const tokenHolder: Actor = { kind: "token", id: "admin-token", name: "admin token", role: "admin" };

/** Returns null when the name is taken. */
export async function addOperator(
  db: DatabaseOrTransaction,
  { name, role }: Pick<Operator, "name" | "role">,
): Promise<{ readonly operator: Operator; readonly token: string } | null> {
  const token = newSecret();
  const operator = await db
    .insertInto("operators")
    .values({ operator_id: newId(), name, role, token_hash: hashSecret(token) })
    .onConflict((conflict) => conflict.column("name").where("revoked_at", "is", null).doNothing())
    .returningAll()
    .executeTakeFirst();
  return operator === undefined ? null : { operator, token };
}

/** Returns all operators, including revoked ones, since the audit log names them. */
export function listOperators(db: DatabaseOrTransaction): Promise<Operator[]> {
  return db.selectFrom("operators").selectAll().orderBy("operator_id").execute();
}

/** Returns null when there is no such active operator. */
export async function revokeOperator(
  db: DatabaseOrTransaction,
  operatorId: string,
): Promise<Operator | null> {
  const row = await db
    .updateTable("operators")
    .set({ revoked_at: new Date() })
    .where("operator_id", "=", operatorId)
    .where("revoked_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the owner of a token, or null. Every active token is compared, in constant time. */
export async function actorOf(db: DatabaseOrTransaction, token: string): Promise<Actor | null> {
  const given = hashSecret(token);
  const operators = db.selectFrom("operators").selectAll().where("revoked_at", "is", null).execute();
  const [admin, named] = await Promise.all([tokenInForce(db), operators]);
  const [found] = named.filter((operator) => timingSafeEqual(operator.token_hash, given));
  if (admin !== null && timingSafeEqual(admin.token_hash, given)) return tokenHolder;
  if (found === undefined) return null;
  return { kind: "operator", id: found.operator_id, name: found.name, role: found.role };
}
