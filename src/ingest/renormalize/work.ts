import type { Provider } from "../../providers/provider.ts";
import type { ConnectionId } from "../../store/connections.ts";
import { type ChoosingConnection, handlesType } from "../../store/data-choices.ts";
import type { RenormalizationFilter, RenormalizationOptions } from "../../store/renormalization-job.ts";
import type { MovedRecord } from "../../store/renormalization-work.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import type { Announced } from "../announce.ts";
import type { Parsing } from "../parsing/parsing.ts";
import type { PayloadSplits } from "../payload-splits.ts";
import type { Tally } from "./tally.ts";

/** The state that the steps of one batch share. The batch is about one connection, which is locked. */
export interface Work extends Pick<Store, "bodies" | "outside"> {
  readonly tx: DatabaseTransaction;
  readonly id: ConnectionId;
  readonly connection: ChoosingConnection;
  readonly provider: Provider;
  readonly parsing: Parsing;
  readonly filter: RenormalizationFilter;
  readonly options: RenormalizationOptions;
  readonly splits: PayloadSplits;
  readonly tally: Tally;
  /** The records to send at the end of the batch, if the job asks for that. */
  readonly written: Announced[];
  readonly moved: MovedRecord[];
  /** Whether the batch has taken long enough. */
  isOver(): boolean;
}

/** Returns the normalisers whose types the job is about and the environment handles. */
export const meantMapping = ({
  provider,
  connection,
  filter: { types },
}: Work): Pick<Provider, "normalizers"> => ({
  normalizers: provider.normalizers.filter(
    ({ type }) => (types === null || types.includes(type)) && handlesType(connection, type),
  ),
});
