/** The records of a Terra event, as a format takes them. */
import { type DataType, hasSamples, type ModelOf, withoutSamples } from "../models/index.ts";
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
  readonly body: Uint8Array;
  /** The events before, for a format that compares. */
  readonly formers?: readonly FormerEvent[];
}

/** The event in which a record was before, as far as it is kept. */
export interface FormerEvent {
  /** Of the record. */
  readonly naturalKey: string;
  readonly records: readonly RecordIdentity[];
  readonly body: Uint8Array;
}

interface EventBody {
  readonly user?: { readonly provider?: string };
  readonly data?: readonly unknown[];
  readonly athlete?: unknown;
}

export function recordsOfEvent(event: EventToExport): ExportableRecord[] {
  const { userId, referenceId, records, body, formers } = event;
  const { user, contents } = read(body);
  const person = { userId: userId ?? "", referenceId, provider: user?.provider ?? "" };
  // Records that were in one event before share its body.
  const bodies = new Set(formers?.map((former) => former.body));
  const formerContents = new Map([...bodies].map((one) => [one, read(one).contents]));
  return records.map((record, index) => {
    const data = contents[index] as ModelOf[DataType];
    const former = formers?.find(({ naturalKey }) => naturalKey === record.naturalKey);
    const compared = former && formerData(former, formerContents.get(former.body) ?? [], record.type, data);
    return exportable({ ...person, ...record, data, ...(compared !== undefined && { former: compared }) });
  });
}

function read(body: Uint8Array) {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const { user, data, athlete } = JSON.parse(text) as EventBody;
  return { user, contents: athlete === undefined ? (data ?? []) : [athlete] };
}

/** Where the record has no samples, because none were asked for, the former ones are no loss. */
function formerData(
  { naturalKey, records }: FormerEvent,
  contents: readonly unknown[],
  type: DataType,
  now: ModelOf[DataType],
): ModelOf[DataType] | undefined {
  const index = records.findIndex((record) => record.naturalKey === naturalKey);
  const former = contents[index] as ModelOf[DataType] | undefined;
  return former === undefined || hasSamples(type, now) ? former : withoutSamples(type, former);
}

/** The type that goes with the data is known only at run time. */
export const exportable = (
  record: {
    readonly [Key in keyof ExportableRecord]: Key extends "data" | "former"
      ? ModelOf[DataType]
      : ExportableRecord[Key];
  },
): ExportableRecord => record as ExportableRecord;
