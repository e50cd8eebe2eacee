/** An Observation out of its parts. */
import { categoryConcept, concept, notKnown, statisticConcept } from "./codes.ts";
import type { Context, Span } from "./context.ts";
import { uuidOf } from "./identity.ts";
import { vitalSignProfile } from "./loinc.ts";
import type { Category, Code, Statistic } from "./table.ts";
import type { FhirTime } from "./time.ts";
import type {
  CodeableConcept,
  Component,
  Effective,
  Observation,
  Period,
  Reference,
  Value,
} from "./types.ts";

export interface Parts {
  /** What tells the Observation from the record's others; it stays from revision to revision. */
  readonly name: string;
  readonly code: Code;
  readonly span: Span;
  /** Whether the span is that of the whole record, which may be a day. */
  readonly ofRecord?: boolean;
  readonly value?: Value;
  readonly components?: readonly Component[];
  readonly category?: Category | undefined;
  readonly statistic?: Statistic | undefined;
  readonly interpretation?: CodeableConcept | undefined;
  readonly notes?: readonly string[];
  readonly members?: readonly Reference[];
}

export interface Identified {
  readonly id: string;
  readonly resource: Observation;
}

const profileOf = (code: Code): string | undefined =>
  code.map((one) => vitalSignProfile(one.code)).find((profile) => profile !== undefined);

const dayMs = 24 * 60 * 60_000;

/**
 * An end that is a date includes that whole day. So of a local midnight, whose offset is not known, the day before is
 * the end.
 */
function endText(start: FhirTime, { text, ms, hasOffset }: FhirTime): string {
  const isMidnight = !hasOffset && ms % dayMs === 0 && ms > start.ms;
  return isMidnight ? new Date(ms - dayMs).toISOString().slice(0, text.length) : text;
}

function periodOf(start: FhirTime, end: FhirTime): Period {
  return {
    start: start.text,
    ...(start.extras && { _start: start.extras }),
    end: endText(start, end),
    ...(end.extras && { _end: end.extras }),
  };
}

const momentOf = ({ text, extras }: FhirTime): Effective => ({
  effectiveDateTime: text,
  ...(extras && { _effectiveDateTime: extras }),
});

/**
 * A vital sign has one time, also where R4 lets it have a period: HL7's own validator holds a period there for an error
 * (constraint vs-1). Of a day it is the date, which is the whole day.
 */
function effectiveOf(context: Context, { span, ofRecord }: Parts, isVitalSign: boolean): Effective {
  const { start, end } = span;
  if (!isVitalSign) return end === undefined ? momentOf(start) : { effectivePeriod: periodOf(start, end) };
  const isDay = ofRecord === true && context.table.momentOf === "day";
  return isDay ? { effectiveDateTime: start.day } : momentOf(start);
}

const unlessEmpty = <Name extends string, Item>(name: Name, items: readonly Item[] | undefined) =>
  (items === undefined || items.length === 0 ? {} : { [name]: items }) as {
    readonly [key in Name]?: readonly Item[];
  };

/** An Observation has a value, components or members, or says that its value is not known. */
function contentOf({ value, components = [], members = [] }: Parts) {
  const isEmpty = value === undefined && components.length + members.length === 0;
  return {
    ...value,
    ...(isEmpty && { dataAbsentReason: notKnown }),
    ...unlessEmpty("hasMember", members),
    ...unlessEmpty("component", components),
  };
}

function metaOf(context: Context, profile: string | undefined): Observation["meta"] {
  return { ...(profile && { profile: [profile] }), tag: context.tags };
}

export function observation(context: Context, parts: Parts): Identified {
  const { systems, patient, device, table } = context;
  const id = uuidOf("Observation", ...context.idParts, parts.name);
  const profile = profileOf(parts.code);
  const category = profile === undefined ? (parts.category ?? table.category) : "vital-signs";
  const resource: Observation = {
    resourceType: "Observation",
    meta: metaOf(context, profile),
    identifier: [{ system: systems.resource, value: id }],
    status: "final",
    category: [categoryConcept(category)],
    code: concept(parts.code, systems),
    subject: patient,
    ...effectiveOf(context, parts, profile !== undefined),
    performer: [patient],
    ...(parts.interpretation && { interpretation: [parts.interpretation] }),
    ...unlessEmpty(
      "note",
      parts.notes?.map((text) => ({ text })),
    ),
    ...(parts.statistic && { method: statisticConcept(parts.statistic) }),
    ...(device && { device }),
    ...contentOf(parts),
  };
  return { id, resource };
}
