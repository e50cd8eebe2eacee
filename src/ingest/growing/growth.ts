/** A transaction that holds the connection, and what is folded in it. */
import type { Provider } from "../../providers/provider.ts";
import type { ConnectionId } from "../../store/connections.ts";
import type { Generation } from "../../store/grown-parts.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import type { Parsing } from "../parsing/parsing.ts";

export interface Growth {
  readonly tx: DatabaseTransaction;
  readonly id: ConnectionId;
  readonly provider: Provider;
  readonly parsing: Parsing;
  readonly generation: Generation;
}
