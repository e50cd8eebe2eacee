/** Looking for people among many, newest first. A place in the list is the one behind a connection. */
import { type SqlBool, sql } from "kysely";
import type { Connection } from "./connections.ts";
import { isUuid } from "./identifiers.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

export type PersonState = "active" | "paused" | "trouble" | "revoked";

export interface PeopleFilter {
  /** A user_id, or the beginning of a reference_id. */
  readonly search?: string | undefined;
  readonly provider?: string | undefined;
  readonly state?: PersonState | undefined;
}

/** The time as PostgreSQL's text, to the microsecond. */
export type PersonPlace = readonly [createdAt: string, userId: string];

export interface FoundPerson extends Connection {
  readonly place: PersonPlace;
}

const conditionOf: Readonly<Record<PersonState, ReturnType<typeof sql<SqlBool>>>> = {
  active: sql<SqlBool>`state = 'active' AND active AND error_code IS NULL`,
  paused: sql<SqlBool>`state = 'active' AND NOT active`,
  trouble: sql<SqlBool>`state = 'active' AND active AND error_code IS NOT NULL`,
  revoked: sql<SqlBool>`state = 'revoked'`,
};

export async function findPeople(
  db: DatabaseOrTransaction,
  environmentId: string,
  { search, provider, state }: PeopleFilter,
  { limit, before }: { readonly limit: number; readonly before: PersonPlace | undefined },
): Promise<FoundPerson[]> {
  const rows = await db
    .selectFrom("connections")
    .selectAll()
    .select(sql<string>`created_at::text`.as("created_text"))
    .where("environment_id", "=", environmentId)
    .$if(search !== undefined, (all) => all.where(isSearched(search ?? "")))
    .$if(provider !== undefined, (all) => all.where("provider", "=", provider ?? ""))
    .$if(state !== undefined, (all) => all.where(conditionOf[state ?? "active"]))
    .$if(before !== undefined, (all) =>
      all.where(sql<SqlBool>`(created_at, user_id) < (${before?.[0]}::timestamptz, ${before?.[1]}::uuid)`),
    )
    .orderBy("created_at", "desc")
    .orderBy("user_id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ created_text, ...connection }) => ({
    ...connection,
    place: [created_text, connection.user_id],
  }));
}

function isSearched(text: string) {
  const prefix = `${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const isReference = sql<SqlBool>`reference_id LIKE ${prefix}`;
  return isUuid(text) ? sql<SqlBool>`(user_id = ${text}::uuid OR ${isReference})` : isReference;
}
