/** Trouble between a connection and its provider: reported to the developer once, not at every try. */
import type { ErrorCode } from "../errors.ts";
import { oauthConsents } from "../providers/consents.ts";
import type { Provider } from "../providers/provider.ts";
import { accountOf, lockAccounts } from "../store/accounts.ts";
import {
  type Connection,
  type ConnectionId,
  connectionIdOf,
  lockConnection,
  updateConnection,
} from "../store/connections.ts";
import type { Queue } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { resumeWaiting } from "../sync/create-tasks.ts";
import { type ConnectionTrouble, emitAccessRevoked, emitConnectionError } from "./connection-events.ts";
import { endPart } from "./end-part.ts";
import { keyTrouble } from "./key-ends.ts";
import type { RefusedPermission } from "./refused-permission.ts";
import { lockTokens } from "./tokens.ts";

export interface Trouble {
  readonly code: ErrorCode;
  /** The permission that was refused; null where the provider says it of the whole connection. */
  readonly refused: RefusedPermission | null;
  readonly traceId: string;
}

/**
 * Notes a refusal of the provider; only refusals of the person's permission become events. A refused key is a
 * `connection_error` with its reason: nobody took access back, and only the person can make another key. So is a refused
 * renewal of an expired token where refresh tokens end by themselves, and the end of one of several permissions.
 */
export async function noteTrouble(
  { db, queue, keyRing }: Store,
  provider: Provider,
  id: ConnectionId,
  { code, refused, traceId }: Trouble,
): Promise<void> {
  if (code !== "PROVIDER_UNAUTHORIZED" && code !== "PROVIDER_FORBIDDEN") return;
  await db.transaction().execute(async (tx) => {
    const isPart = code === "PROVIDER_UNAUTHORIZED" && refused !== null;
    // A renewal of another grant under way would write the grants without this change.
    if (isPart) await lockTokens(tx, id);
    const connection = await lockConnection(tx, id);
    if (connection === null || connection.error_code === code) return;
    const rest = isPart ? await endPart(tx, { keyRing }, { provider, connection, refused }) : "nothing left";
    if (rest === "gone already") return;
    if (rest !== "nothing left") return tell(tx, queue, rest, { reason: "part_ended", traceId });
    const state = code === "PROVIDER_UNAUTHORIZED" ? "revoked" : connection.state;
    const change = { error_code: code, error_since: new Date(), state } as const;
    const told = (await updateConnection(tx, id, change)) ?? connection;
    await tell(tx, queue, told, { reason: reasonOf(provider, connection, { code, refused }), traceId });
  });
}

function tell(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  { reason, traceId }: { readonly reason: ConnectionTrouble | null; readonly traceId: string },
): Promise<void> {
  if (reason === null) return emitAccessRevoked(tx, queue, connection, traceId);
  return emitConnectionError(tx, queue, { connection, reason }, traceId);
}

/** Why the connection failed; null where the person took access back. */
function reasonOf(
  provider: Provider,
  connection: Connection,
  { code, refused }: Omit<Trouble, "traceId">,
): ConnectionTrouble | null {
  if (code !== "PROVIDER_UNAUTHORIZED") return "forbidden";
  const ofKey = keyTrouble(connection, code, new Date());
  return ofKey ?? (isEndOfRenewals(provider, refused) ? "renewal_refused" : null);
}

/** A token that is refused before its end and cannot be renewed either was taken back. */
const isEndOfRenewals = (provider: Provider, refused: RefusedPermission | null): boolean =>
  refused?.isRenewal === true &&
  !refused.isEarly &&
  oauthConsents(provider).some(({ name, renewalsEnd }) => name === refused.consent && renewalsEnd === true);

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
