/** The records of a Terra event, as a format takes them. */
import type { DataType, ModelOf } from "../models/index.ts";
import type { ExportableRecord } from "./contract.ts";

/** What identifies a record within its event, in the order of the body. */
export interface RecordIdentity {
  readonly type: DataType;
  readonly naturalKey: string;
  readonly revision: number;
}

export interface EventToExport {
  readonly userId: string | null;
  readonly referenceId: string | null;
  readonly records: readonly RecordIdentity[];
  /** Terra's JSON. */
  readonly body: Buffer;
  /** What the records were before, by their natural keys. */
  readonly formers?: ReadonlyMap<string, ModelOf[DataType]>;
}

interface EventBody {
  readonly user?: { readonly provider?: string };
  readonly data?: readonly unknown[];
  readonly athlete?: unknown;
}

export function recordsOfEvent(event: EventToExport): ExportableRecord[] {
  const { userId, referenceId, records, body, formers } = event;
  const { user, data, athlete } = JSON.parse(body.toString("utf8")) as EventBody;
  const contents = athlete === undefined ? (data ?? []) : [athlete];
  const person = { userId: userId ?? "", referenceId, provider: user?.provider ?? "" };
  return records.map((record, index) => {
    const former = formers?.get(record.naturalKey);
    const data = contents[index] as ModelOf[DataType];
    return exportable({ ...person, ...record, data, ...(former !== undefined && { former }) });
  });
}

/** The type that goes with the data is known only at run time. */
export const exportable = (
  record: {
    readonly [Key in keyof ExportableRecord]: Key extends "data" | "former"
      ? ModelOf[DataType]
      : ExportableRecord[Key];
  },
): ExportableRecord => record as ExportableRecord;
