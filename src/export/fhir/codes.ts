/** Codes as FHIR writes them: each with its system and its display. */
import { type LoincCode, loincNames, loincSystem } from "./loinc.ts";
import { ownCodes } from "./own-codes.ts";
import type { Systems } from "./systems.ts";
import type { Category, Code, CodeSource, Statistic } from "./table.ts";
import type { CodeableConcept, Coding } from "./types.ts";

const hl7 = "http://terminology.hl7.org/CodeSystem";

/** The codes of other code systems than LOINC and our own. */
const elsewhere: Readonly<
  Record<Exclude<CodeSource, "loinc" | "own">, { system: string; names: Record<string, string> }>
> = {
  "physical-activity": {
    system: "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes",
    names: { PAPanel: "Physical Activity Panel" },
  },
  "ieee-11073": {
    system: "urn:oid:2.16.840.1.113883.6.24",
    names: { "131328": "MDC_ECG_ELEC_POTL" },
  },
};

function coding(source: CodeSource, code: string, systems: Systems): Coding {
  if (source === "loinc") return { system: loincSystem, code, display: loincNames[code as LoincCode] };
  if (source === "own") return ownCoding(code, systems);
  const { system, names } = elsewhere[source];
  return { system, code, display: names[code] as string };
}

export const ownCoding = (code: string, { codes }: Systems): Coding => ({
  system: codes,
  code,
  display: ownCodes.get(code) as string,
});

export const concept = (code: Code, systems: Systems): CodeableConcept => ({
  coding: code.map((one) => coding(one.source, one.code, systems)),
});

export const ownConcept = (code: string, systems: Systems): CodeableConcept => ({
  coding: [ownCoding(code, systems)],
});

const single = (system: string, code: string): CodeableConcept => ({ coding: [{ system, code }] });

export const categoryConcept = (category: Category): CodeableConcept =>
  single(`${hl7}/observation-category`, category);
export const statisticConcept = (statistic: Statistic): CodeableConcept =>
  single(`${hl7}/observation-statistics`, statistic);
export const interpretationConcept = (code: string): CodeableConcept =>
  single(`${hl7}/v3-ObservationInterpretation`, code);
export const notKnown: CodeableConcept = single(`${hl7}/data-absent-reason`, "unknown");
