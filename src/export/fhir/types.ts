/** The parts of FHIR R4 (4.0.1) that Systole writes, as they stand in JSON. */

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

export interface Quantity {
  readonly value: number;
  readonly unit: string;
  readonly system: string;
  readonly code: string;
}

export interface Identifier {
  readonly system: string;
  readonly value: string;
}

export interface Reference {
  readonly reference: string;
}

export interface Extension {
  readonly url: string;
  readonly valueString?: string;
}

/** What goes with a primitive value: `_start` beside `start`. */
export interface PrimitiveExtras {
  readonly extension: readonly Extension[];
}

export interface Period {
  readonly start?: string;
  readonly _start?: PrimitiveExtras;
  readonly end?: string;
  readonly _end?: PrimitiveExtras;
}

export interface SampledData {
  readonly origin: Quantity;
  /** Milliseconds between two values. */
  readonly period: number;
  /** What each value is multiplied with before it is added to the origin. */
  readonly factor?: number;
  readonly dimensions: number;
  /** Decimal numbers, or `E` where there is none, with a space between them. */
  readonly data: string;
}

/** At most one of the values is there. */
export interface Value {
  readonly valueQuantity?: Quantity;
  readonly valueCodeableConcept?: CodeableConcept;
  readonly valueString?: string;
  readonly valueBoolean?: boolean;
  readonly valueDateTime?: string;
  readonly _valueDateTime?: PrimitiveExtras;
  readonly valueSampledData?: SampledData;
}

export interface Component extends Value {
  readonly code: CodeableConcept;
  readonly dataAbsentReason?: CodeableConcept;
}

/** The time of an Observation: a moment (or a day), or a period. */
export interface Effective {
  readonly effectiveDateTime?: string;
  readonly _effectiveDateTime?: PrimitiveExtras;
  readonly effectivePeriod?: Period;
}

export interface Meta {
  readonly profile?: readonly string[];
  readonly tag: readonly Coding[];
}

export interface Observation extends Effective, Value {
  readonly resourceType: "Observation";
  readonly meta: Meta;
  readonly identifier: readonly Identifier[];
  readonly status: "final";
  readonly category: readonly CodeableConcept[];
  readonly code: CodeableConcept;
  readonly subject: Reference;
  readonly performer: readonly Reference[];
  readonly dataAbsentReason?: CodeableConcept;
  readonly interpretation?: readonly CodeableConcept[];
  readonly note?: readonly { readonly text: string }[];
  readonly method?: CodeableConcept;
  readonly device?: Reference;
  readonly hasMember?: readonly Reference[];
  readonly component?: readonly Component[];
}

export interface Patient {
  readonly resourceType: "Patient";
  readonly identifier: readonly Identifier[];
  readonly birthDate?: string;
}

export interface Device {
  readonly resourceType: "Device";
  readonly identifier: readonly Identifier[];
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  readonly deviceName?: readonly { readonly name: string; readonly type: "user-friendly-name" }[];
  readonly version?: readonly { readonly type: CodeableConcept; readonly value: string }[];
  readonly property?: readonly {
    readonly type: CodeableConcept;
    readonly valueCode: readonly CodeableConcept[];
  }[];
  readonly patient: Reference;
}

export type Resource = Patient | Device | Observation;

export interface Request {
  readonly method: "PUT" | "POST" | "DELETE";
  readonly url: string;
  readonly ifNoneExist?: string;
}

export interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Resource;
  readonly request: Request;
}

export interface Bundle {
  readonly resourceType: "Bundle";
  readonly type: "transaction";
  readonly entry: readonly Entry[];
}
