/**
 * What HAPI's validator does not see, checked by programs that are not ours: invariants by FHIRPath, units by UCUM's own
 * grammar, LOINC by its check digit and the list of codes in use, references within the Bundle.
 */
import { UcumLhcUtils } from "@lhncbc/ucum-lhc";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";
import { loincNames, loincSystem } from "../../src/export/fhir/loinc.ts";
import { ownCodes } from "../../src/export/fhir/own-codes.ts";
import { ucumSystem } from "../../src/export/fhir/units.ts";

/** A resource that may be anything: a fault may have been planted in it. */
export type Json = ReturnType<typeof JSON.parse>;

/** R4's invariants for the elements that we write, as the specification words them. */
const bundleInvariants: Readonly<Record<string, string>> = {
  "bdl-1": "total.empty() or (type = 'searchset') or (type = 'history')",
  "bdl-3": "entry.all(request.exists() = (%resource.type = 'transaction'))",
  "bdl-5": "entry.all(resource.exists() or request.exists() or response.exists())",
  "bdl-7": "entry.where(fullUrl.exists()).select(fullUrl & resource.meta.versionId).isDistinct()",
  "bdl-8": "entry.where(fullUrl.exists()).all(fullUrl.contains('/_history/').not())",
};
const observationInvariants: Readonly<Record<string, string>> = {
  "status is one of the required codes":
    "status.where($this in ('registered'|'preliminary'|'final'|'amended'|'corrected'|'cancelled'|'entered-in-error'|'unknown')).count() = 1",
  "code is there": "code.exists()",
  "obs-6": "dataAbsentReason.empty() or value.empty()",
  "obs-7": "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
  "per-1":
    "effective.ofType(Period).where(start.hasValue() and end.hasValue() and (start <= end).not()).empty()",
  "qty-3": "(value.ofType(Quantity) | component.value.ofType(Quantity)).all(code.empty() or system.exists())",
  "sqty-1": "value.ofType(SampledData).origin.all(comparator.empty())",
  "ext-1": "descendants().extension.all(extension.exists() != value.exists())",
  "vs-2": "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())",
  "vs-3": "component.all(value.exists() or dataAbsentReason.exists())",
};

const compile = (invariants: Readonly<Record<string, string>>) =>
  Object.entries(invariants).map(([name, text]) => ({ name, holds: fhirpath.compile(text, r4) }));
const forBundle = compile(bundleInvariants);
const forObservation = compile(observationInvariants);

const isTrue = (result: unknown): boolean =>
  Array.isArray(result) && result.length === 1 && result[0] === true;

/** Returns the invariants that do not hold. */
export function brokenInvariants(bundle: Json): string[] {
  const inBundle = forBundle.filter(({ holds }) => !isTrue(holds(bundle, { resource: bundle })));
  const observations = resourcesOf(bundle).filter(({ resourceType }) => resourceType === "Observation");
  const inObservations = observations.flatMap((resource) =>
    forObservation.filter(({ holds }) => !isTrue(holds(resource, { resource }))),
  );
  return [...inBundle, ...inObservations].map(({ name }) => name);
}

const resourcesOf = (bundle: Json): Json[] =>
  bundle.entry.map((entry: Json) => entry.resource).filter((resource: Json) => resource !== undefined);

/** Returns every object in the value. */
function objectsIn(value: unknown): Json[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value, ...inside];
}

const grammar = UcumLhcUtils.getInstance();
const known = new Map<string, boolean>();

/** Whether UCUM's grammar takes the unit. */
export function isUcum(unit: string): boolean {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const isValid = grammar.validateUnitString(unit).status === "valid";
  known.set(unit, isValid);
  return isValid;
}

/** Returns the units that UCUM does not know. */
export const wrongUnits = (bundle: Json): string[] =>
  objectsIn(bundle)
    .filter(({ system, code }) => system === ucumSystem && !isUcum(String(code)))
    .map(({ code }) => `unit ${code}`);

/** LOINC's check digit: Luhn's, over the digits before the hyphen. */
export function hasCheckDigit(code: string): boolean {
  const [number = "", digit] = code.split("-");
  const sum = [...number]
    .toReversed()
    .map((character, index) => Number(character) * (index % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return String((10 - (sum % 10)) % 10) === digit;
}

const isOwn = (system: unknown): boolean => String(system).endsWith("/CodeSystem/systole");

/**
 * Returns the codings of LOINC that are not in our list, and those of LOINC and of our own code system that have another
 * display than there. HAPI does not know LOINC, and lets a display of our own be anything.
 */
export const wrongCodes = (bundle: Json): string[] =>
  objectsIn(bundle)
    .filter(({ system, code, display }) =>
      isOwn(system)
        ? ownCodes.get(code) !== display
        : system === loincSystem && (!hasCheckDigit(code) || (loincNames as Json)[code] !== display),
    )
    .map(({ system, code, display }) => `${system} ${code} ${display}`);

/** Returns the references that name no entry of the Bundle. */
export function danglingReferences(bundle: Json): string[] {
  const urls = new Set(bundle.entry.map(({ fullUrl }: Json) => fullUrl));
  return objectsIn(bundle)
    .filter(({ reference }) => reference !== undefined && !urls.has(reference))
    .map(({ reference }) => `reference ${reference}`);
}

/** Returns everything that the rungs complain about. */
export const complaints = (bundle: Json): string[] => [
  ...brokenInvariants(bundle),
  ...wrongUnits(bundle),
  ...wrongCodes(bundle),
  ...danglingReferences(bundle),
];
