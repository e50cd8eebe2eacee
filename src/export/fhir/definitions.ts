/**
 * The definitions that our resources refer to: one code system, and one extension. Served under the base by which they
 * are named, so that a reader can look them up.
 */
import { ownCodes } from "./own-codes.ts";
import { systemsOf } from "./systems.ts";

const fhirVersion = "4.0.1";
const definitionVersion = "1.0.0";

/** Returns the code system with every code of our own. */
export function codeSystem(fhirBase: string) {
  const url = systemsOf(fhirBase).codes;
  return {
    resourceType: "CodeSystem",
    id: "systole",
    url,
    version: definitionVersion,
    name: "Systole",
    title: "Codes of Systole",
    status: "active",
    experimental: false,
    publisher: "Systole",
    description:
      "What wearables measure and LOINC has no verified code for, and the values of its enumerations.",
    caseSensitive: true,
    content: "complete",
    count: ownCodes.size,
    concept: [...ownCodes].map(([code, display]) => ({ code, display })),
  } as const;
}

/** Returns the extension with a local time whose offset the provider did not say. */
export function localTimeExtension(fhirBase: string) {
  const url = systemsOf(fhirBase).localTime;
  return {
    resourceType: "StructureDefinition",
    id: "local-time",
    url,
    version: definitionVersion,
    name: "LocalTime",
    title: "Local time without an offset",
    status: "active",
    experimental: false,
    publisher: "Systole",
    description:
      "The date and the time on the person's own clock, as the provider gave them: without an offset, which FHIR's dateTime demands beside a time of day.",
    fhirVersion,
    kind: "complex-type",
    abstract: false,
    context: [{ type: "element", expression: "dateTime" }],
    type: "Extension",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Extension",
    derivation: "constraint",
    differential: {
      element: [
        { id: "Extension", path: "Extension", short: "Local time without an offset", min: 0, max: "1" },
        { id: "Extension.extension", path: "Extension.extension", max: "0" },
        { id: "Extension.url", path: "Extension.url", fixedUri: url },
        {
          id: "Extension.value[x]",
          path: "Extension.value[x]",
          short: "For example 2026-03-01T07:30:00",
          min: 1,
          type: [{ code: "string" }],
        },
      ],
    },
  } as const;
}

/** Returns every definition, by its path under the base. */
export function definitions(fhirBase: string) {
  return {
    "CodeSystem/systole": codeSystem(fhirBase),
    "StructureDefinition/local-time": localTimeExtension(fhirBase),
  } as const;
}
