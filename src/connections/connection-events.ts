/** Emits the events that tell a developer about changes of a connection (Terra: auth, deauth, user_reauth, …). */
import { emitEvents } from "../delivery/emit.ts";
import { type EventOf, type EventType, formatTimestamp, payloadVersion } from "../models/index.ts";
import type { Connection } from "../store/connections.ts";
import type { Queue } from "../store/queue.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { terraUser } from "../terra/user.ts";

/** The person of the event, and the trace id of its cause. */
interface EventContext {
  readonly environmentId: string;
  readonly userId: string | null;
  readonly referenceId: string | null;
  readonly provider: string;
  readonly traceId: string;
}

const contextOf = (connection: Connection, traceId: string): EventContext => ({
  environmentId: connection.environment_id,
  userId: connection.user_id,
  referenceId: connection.reference_id,
  provider: connection.provider,
  traceId,
});

async function emit<Type extends EventType>(
  tx: DatabaseTransaction,
  queue: Queue,
  context: EventContext,
  event: EventOf<Type>,
): Promise<void> {
  const body = JSON.stringify(event);
  await emitEvents(tx, queue, [{ ...context, type: event.type, records: [], reference: null, body }]);
}

export function emitAuth(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  flow: { flowId: string; sessionId: string | null },
): Promise<void> {
  return emit<"auth">(tx, queue, contextOf(connection, flow.flowId), {
    type: "auth",
    status: "success",
    user: terraUser(connection),
    message: "User has authenticated",
    reference_id: connection.reference_id,
    flow_id: flow.flowId,
    widget_session_id: flow.sessionId,
  });
}

export function emitUserReauth(
  tx: DatabaseTransaction,
  queue: Queue,
  { replaced, connection }: { readonly replaced: Connection; readonly connection: Connection },
  traceId: string,
): Promise<void> {
  return emit<"user_reauth">(tx, queue, contextOf(connection, traceId), {
    type: "user_reauth",
    status: "warning",
    old_user: terraUser(replaced),
    new_user: terraUser(connection),
    message: "User has reauthenticated and old ID has been deleted",
    version: payloadVersion,
  });
}

/**
 * Emits `auth_cancelled`. There is no user yet: only the flow and the developer's own id tell whose attempt
 * it was.
 */
export function emitAuthCancelled(
  tx: DatabaseTransaction,
  queue: Queue,
  attempt: {
    environmentId: string;
    provider: string;
    referenceId: string | null;
    flowId: string;
    reason: string;
  },
): Promise<void> {
  const { environmentId, provider, referenceId, flowId, reason } = attempt;
  return emit<"auth_cancelled">(
    tx,
    queue,
    { environmentId, userId: null, referenceId, provider, traceId: flowId },
    { type: "auth_cancelled", status: "error", flow_id: flowId, reason, reference_id: referenceId },
  );
}

export function emitDeauth(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  traceId: string,
): Promise<void> {
  return emit<"deauth">(tx, queue, contextOf(connection, traceId), {
    type: "deauth",
    status: "success",
    user: { ...terraUser(connection), active: false },
    message: "User has deauthenticated",
  });
}

export function emitAccessRevoked(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  traceId: string,
): Promise<void> {
  return emit<"access_revoked">(tx, queue, contextOf(connection, traceId), {
    type: "access_revoked",
    status: "warning",
    user: terraUser(connection),
    message: "User revoked access",
  });
}

/** Why `connection_error` is sent, in words. */
const connectionErrors: Readonly<Record<ConnectionTrouble, string>> = {
  forbidden: "The provider refuses requests for this user; they may have to accept its terms or permissions",
  key_ended: "The user's key has ended; they have to make another one and connect again",
  key_refused:
    "The provider does not accept the user's key any more; they have to make another one and connect again",
  renewal_refused:
    "The provider does not renew its access to the user's data any more; they have to connect again",
  part_ended:
    "One of the user's permissions at the provider has ended, and the others go on; they can give it again",
};

/**
 * `forbidden`: every request is refused, although the permission stands. `renewal_refused`: the permission cannot be
 * renewed. `part_ended`: one of several permissions has ended. The others are about a pasted key.
 */
export type ConnectionTrouble = "forbidden" | "key_ended" | "key_refused" | "renewal_refused" | "part_ended";

export function emitConnectionError(
  tx: DatabaseTransaction,
  queue: Queue,
  { connection, reason }: { readonly connection: Connection; readonly reason: ConnectionTrouble },
  traceId: string,
): Promise<void> {
  return emit<"connection_error">(tx, queue, contextOf(connection, traceId), {
    type: "connection_error",
    status: "warning",
    user: terraUser(connection),
    message: connectionErrors[reason],
    reason,
  });
}

export function emitKeyEndsSoon(
  tx: DatabaseTransaction,
  queue: Queue,
  { connection, endsAt }: { readonly connection: Connection; readonly endsAt: Date },
  traceId: string,
): Promise<void> {
  return emit<"key_ends_soon">(tx, queue, contextOf(connection, traceId), {
    type: "key_ends_soon",
    status: "warning",
    user: terraUser(connection),
    message: "The user's key ends soon; they have to make another one and connect again",
    ends_at: formatTimestamp(endsAt.getTime(), 0),
  });
}
