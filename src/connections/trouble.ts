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
import { keyTrouble } from "./key-ends.ts";

/**
 * Notes a refusal of the provider; only refusals of the person's permission become events. A refused key is a
 * `connection_error` with its reason: nobody took access back, and only the person can make another key.
 */
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
    const told = updated ?? connection;
    const reason = keyTrouble(connection, code, new Date()) ?? (revoked ? null : "forbidden");
    if (reason === null) await emitAccessRevoked(tx, queue, told, traceId);
    else await emitConnectionError(tx, queue, { connection: told, reason }, traceId);
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
