/**
 * The conversions that other modules ask for, as tasks of plain values: they are done in this thread or in another one,
 * with the same bytes. A record comes as its JSON text, so that reading it is part of the task.
 */
import type { DataType, ModelOf } from "../models/index.ts";
import type { ExportableRecord, ExportSettings } from "./contract.ts";
import {
  type EventForm,
  eventForm,
  type LeftOutOfEvent,
  leftOutFields,
  leftOutOf,
  type WhenUnsupported,
} from "./event-form.ts";
import { type EventToExport, exportable } from "./event-records.ts";
import { type Served, servedRecord } from "./fhir/served.ts";
import { loadFormat } from "./formats.ts";
import { type JoinedBody, joined } from "./joined.ts";
import { type SearchsetAddresses, searchsetOf } from "./searchset.ts";

/** A record as it is stored, and whose it is. */
export interface RecordText {
  readonly userId: string;
  readonly referenceId: string | null;
  /** As in Terra's user. */
  readonly provider: string;
  readonly type: DataType;
  readonly naturalKey: string;
  readonly revision: number;
  /** In UTF-8. */
  readonly json: Uint8Array;
}

interface RecordsTask {
  readonly records: readonly RecordText[];
  readonly settings: ExportSettings;
}

/** A body of several records, and what could not be expressed in it. */
export interface FormedBody {
  readonly body: JoinedBody;
  readonly leftOut: readonly LeftOutOfEvent[];
  /** The number of records that are in the body. */
  readonly written: number;
}

/** By the name of a conversion: what it is made of, and its result. */
export interface Conversions {
  /** An event, as a destination gets it. */
  readonly event: {
    readonly task: {
      readonly event: EventToExport;
      readonly format: string;
      readonly settings: ExportSettings;
      readonly whenUnsupported: WhenUnsupported;
    };
    readonly result: EventForm;
  };
  /** The files of records, as one body. */
  readonly files: { readonly task: RecordsTask & { readonly format: string }; readonly result: FormedBody };
  /** FHIR's answer to a read. */
  readonly searchset: {
    readonly task: RecordsTask & SearchsetAddresses;
    readonly result: FormedBody;
  };
  /** The resources of each record, as our FHIR server answers them. */
  readonly served: { readonly task: RecordsTask; readonly result: readonly (readonly Served[])[] };
}

export type Conversion = keyof Conversions;
type Doing = {
  readonly [Kind in Conversion]: (task: Conversions[Kind]["task"]) => Promise<Conversions[Kind]["result"]>;
};

export const conversions: Doing = {
  async event({ event, format, settings, whenUnsupported }) {
    return eventForm(event, await loadFormat(format), settings, whenUnsupported);
  },
  async files({ records, format: name, settings }) {
    const format = await loadFormat(name);
    const formed = records
      .map(parsed)
      .map((record) => ({ record, exported: format.write(record, settings) }));
    const written = formed.flatMap(({ record, exported }) => (exported === null ? [] : { record, exported }));
    return {
      body: joined(format, written),
      leftOut: formed.flatMap(({ record, exported }) => leftOutOf(format, record, exported)),
      written: written.length,
    };
  },
  async searchset({ records, settings, serverUrl, selfUrl }) {
    const { contentType, extension } = await loadFormat("fhir");
    const { bytes, leftOut } = searchsetOf(records.map(parsed), settings, { serverUrl, selfUrl });
    return {
      body: { contentType, extension, bytes },
      leftOut: leftOut.flatMap((fields, index) =>
        leftOutFields((records[index] as RecordText).naturalKey, fields),
      ),
      written: records.length,
    };
  },
  async served({ records, settings }) {
    return records.map((record) => servedRecord(parsed(record), settings).resources);
  },
};

function parsed({ json, ...record }: RecordText): ExportableRecord {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString("utf8");
  return exportable({ ...record, data: JSON.parse(text) as ModelOf[DataType] });
}
