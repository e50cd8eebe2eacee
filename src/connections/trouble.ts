/** Trouble between a connection and its provider: reported to the developer once, not at every try. */
import type { ErrorCode } from "../errors.ts";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import {
  type Connection,
  type ConnectionId,
  connectionIdOf,
  lockConnection,
  updateConnection,
} from "../store/connections.ts";
import type { Store } from "../store/store.ts";
import { resumeWaiting } from "../sync/create-tasks.ts";
import { emitAccessRevoked, emitConnectionError } from "./connection-events.ts";

/** Notes a refusal of the provider; only refusals of the person's permission become events. */
export async function noteTrouble(
  { db, queue }: Store,
  id: ConnectionId,
  code: ErrorCode,
  traceId: string,
): Promise<void> {
  if (code !== "PROVIDER_UNAUTHORIZED" && code !== "PROVIDER_FORBIDDEN") return;
  await db.transaction().execute(async (tx) => {
    const connection = await lockConnection(tx, id);
    if (connection === null || connection.error_code === code) return;
    const revoked = code === "PROVIDER_UNAUTHORIZED";
    const updated = await updateConnection(tx, id, {
      error_code: code,
      error_since: new Date(),
      ...(revoked ? { state: "revoked" as const } : {}),
    });
    const emit = revoked ? emitAccessRevoked : emitConnectionError;
    await emit(tx, queue, updated ?? connection, traceId);
  });
}

/** Notes that the provider answers again, and resumes the waiting tasks. */
export async function endTrouble({ db, queue }: Store, connection: Connection): Promise<void> {
  const account = accountOf(connection);
  const id = connectionIdOf(connection);
  await db.transaction().execute(async (tx) => {
    await lockAccounts(tx, [account]);
    const ended = await updateConnection(tx, id, { error_code: null, error_since: null });
    if (ended !== null) await resumeWaiting(tx, queue, account);
  });
}
