/**
 * The contract of a record format: a pure function from one record to bytes. It does no I/O and reads no clock, so the
 * same record gives the same bytes on every machine. Which destination or route asks for it is not its concern.
 */
import type { DataType, ModelOf } from "../models/index.ts";

/** A record of one data type, without anything that depends on the environment that keeps it. */
export interface RecordToExport<Type extends DataType> {
  readonly userId: string;
  /** The developer's own id for the person. */
  readonly referenceId: string | null;
  /** The provider's name as in Terra's user, e.g. "POLAR". */
  readonly provider: string;
  readonly type: Type;
  readonly naturalKey: string;
  /** Higher is newer. */
  readonly revision: number;
  readonly data: ModelOf[Type];
  /**
   * The same record in an earlier revision, where it is known. What it had and `data` has not can then be deleted. A
   * target may have missed revisions, so a format must not rely on it to be the one before.
   */
  readonly former?: ModelOf[Type];
}

/** A record of any data type; its `type` tells which. */
export type ExportableRecord = { [Type in DataType]: RecordToExport<Type> }[DataType];

/** The choices of whoever runs Systole, which change what is written. */
export interface ConfiguredExports {
  /** The canonical URL, without a slash at its end, under which our own FHIR codes and profiles are published. */
  readonly fhirBase: string;
}

/** With those of an environment. */
export interface ExportSettings extends ConfiguredExports {
  /** Whether a birth date may be written where a record has one. */
  readonly birthDate: boolean;
}

/** A field that has a value in the record and stands nowhere in the export. */
export interface LeftOut {
  /** Its path in the model; `[]` stands for the items of a list, so that a series is named once. */
  readonly field: string;
  /** For people: "not a number", "negative duration". */
  readonly reason: string;
}

/** The result of writing one record. */
export interface Exported<Content = unknown> {
  /** The export before it is bytes, where it has such a form: FHIR's Bundle. */
  readonly content: Content;
  readonly bytes: Buffer;
  /**
   * What could not be expressed in this record: NaN, a negative duration, a list without a start. What the format's
   * field table leaves out of every record is not repeated here.
   */
  readonly leftOut: readonly LeftOut[];
}

export interface RecordFormat<Content = unknown> {
  /** The word in settings and queries: "fhir". */
  readonly name: string;
  readonly displayName: string;
  readonly contentType: string;
  /** The end of a file's name, with its dots: ".fhir.json". */
  readonly extension: string;
  /** Whether it deletes what a record lost, for which it needs `former`. */
  readonly comparesFormer?: true;
  /** Whether the format has a form for the data type at all. */
  supports(type: DataType): boolean;
  /** Returns null where nothing of the record can be expressed. Never throws because of a record's values. */
  write(record: ExportableRecord, settings: ExportSettings): Exported<Content> | null;
}

/** Keeps the type of a format's content. */
export const defineFormat = <Content>(format: RecordFormat<Content>): RecordFormat<Content> => format;
