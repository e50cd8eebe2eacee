/** People's agreements on the connect page: the text that they were shown, and when. */
import type { Selectable } from "kysely";
import type { AuthFlow } from "./auth-flows.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import type { AgreementsTable, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export type Agreement = Selectable<AgreementsTable>;

/** Keeps the agreement of a flow whose connection is made; a flow that began elsewhere than on our page has none. */
export async function keepAgreement(
  tx: DatabaseTransaction,
  { agreement, ...flow }: AuthFlow,
): Promise<void> {
  if (agreement === null) return;
  await tx
    .insertInto("agreements")
    .values({
      environment_id: flow.environment_id,
      agreement_id: newId(),
      user_id: flow.user_id,
      provider: flow.provider,
      consent: flow.consent,
      session_id: flow.session_id,
      language: agreement.language,
      text: agreement.text,
      scopes: [...agreement.scopes],
      agreed_at: agreement.agreed_at,
    })
    .execute();
}

/** Those of one connection, newest first; of the connections that it took over, too. */
export function listAgreements(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<Agreement[]> {
  return db
    .selectFrom("agreements")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .orderBy("agreement_id", "desc")
    .execute();
}
