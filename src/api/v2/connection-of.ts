/** Finds the connection that a request names. */
import { SystoleError } from "../../errors.ts";
import type { DataType } from "../../models/index.ts";
import type { Provider } from "../../providers/provider.ts";
import { providerName } from "../../providers/registry.ts";
import { type Connection, findConnection } from "../../store/connections.ts";
import { isUuid } from "../../store/identifiers.ts";
import type { Database } from "../../store/tables.ts";

/** @throws SystoleError USER_NOT_FOUND */
export async function connectionOf(db: Database, environmentId: string, userId: string): Promise<Connection> {
  const connection = isUuid(userId) ? await findConnection(db, { environmentId, userId }) : null;
  if (connection === null) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  return connection;
}

/** @throws SystoleError DATA_TYPE_UNSUPPORTED */
export function assertSupported(
  providers: readonly Provider[],
  connection: Connection,
  type: DataType,
): void {
  const provider = providers.find(({ slug }) => slug === connection.provider);
  if (provider?.dataTypes.includes(type)) return;
  throw new SystoleError("DATA_TYPE_UNSUPPORTED", { provider: providerName(connection.provider), type });
}
