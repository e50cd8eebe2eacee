/** A request for a person's data of one type. */
import type { DataType } from "../models/index.ts";
import type { Connection } from "../store/connections.ts";
import type { RecordSet } from "../store/records.ts";
import type { DateRange } from "./date-range.ts";

export interface DataRequest {
  readonly type: DataType;
  /** The days; null for an athlete, who has no dates. */
  readonly range: DateRange | null;
  readonly withSamples: boolean;
}

export const recordSetOf = (connection: Connection, { type }: Pick<DataRequest, "type">): RecordSet => ({
  environmentId: connection.environment_id,
  userId: connection.user_id,
  type,
});
