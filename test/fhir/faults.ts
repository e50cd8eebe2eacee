/** Faults to be planted in a right Bundle. Each must be caught by HAPI's validator or by one of the rungs. */
import type { Json } from "./rungs.ts";

export interface Fault {
  readonly name: string;
  /** Changes the Bundle. */
  plant(bundle: Json): void;
}

const observations = (bundle: Json): Json[] =>
  bundle.entry
    .map(({ resource }: Json) => resource)
    .filter((one: Json) => one?.resourceType === "Observation");
function withCode(bundle: Json, code: string): Json {
  const found = observations(bundle).find((one) =>
    one.code.coding.some((coding: Json) => coding.code === code),
  );
  if (found === undefined) throw new Error(`no Observation of ${code}`);
  return found;
}
const weight = (bundle: Json): Json => withCode(bundle, "29463-7");
const heartRates = (bundle: Json): Json => withCode(bundle, "8867-4");
const bloodPressure = (bundle: Json): Json => withCode(bundle, "85354-9");
const saturation = (bundle: Json): Json => withCode(bundle, "2708-6");
const skin = (bundle: Json): Json => withCode(bundle, "skin-temperature");
const patient = (bundle: Json): Json => bundle.entry[0].resource;

const fault = (name: string, plant: (bundle: Json) => void): Fault => ({ name, plant });
const without = (object: Json, field: string): void => {
  delete object[field];
};

/** They need a body with these Observations: see `bodyWithEverything` in the test. */
export const faults: readonly Fault[] = [
  fault("a unit that UCUM does not know", (bundle) => {
    skin(bundle).valueQuantity.code = "celsius";
  }),
  fault("the unit that people write for a heart rate", (bundle) => {
    heartRates(bundle).component[0].valueSampledData.origin.code = "bpm";
  }),
  fault("a weight in pounds of another system's words", (bundle) => {
    weight(bundle).valueQuantity.code = "pounds";
  }),
  fault("a weight in a unit of volume", (bundle) => {
    weight(bundle).valueQuantity.code = "mL";
  }),
  fault("a unit without its system", (bundle) => without(skin(bundle).valueQuantity, "system")),
  fault("a missing status", (bundle) => without(weight(bundle), "status")),
  fault("a status that there is not", (bundle) => {
    weight(bundle).status = "done";
  }),
  fault("a missing code", (bundle) => without(skin(bundle), "code")),
  fault("a LOINC code with a wrong check digit", (bundle) => {
    weight(bundle).code.coding[0].code = "29463-8";
  }),
  fault("a LOINC code that we do not use", (bundle) => {
    heartRates(bundle).code.coding[0].code = "8889-8";
  }),
  fault("a LOINC code with the display of another one", (bundle) => {
    weight(bundle).code.coding[0].display = "Body height";
  }),
  fault("a code that is not in our code system", (bundle) => {
    skin(bundle).code.coding[0].code = "skin-warmth";
  }),
  fault("a code of ours with another display", (bundle) => {
    skin(bundle).code.coding[0].display = "Weather";
  }),
  fault("a reference to no entry", (bundle) => {
    weight(bundle).subject.reference = "urn:uuid:00000000-0000-5000-8000-000000000000";
  }),
  fault("a device that is a Patient", (bundle) => {
    weight(bundle).device = weight(bundle).subject;
  }),
  fault("a value and the reason why there is none", (bundle) => {
    weight(bundle).dataAbsentReason = {
      coding: [{ system: "http://terminology.hl7.org/CodeSystem/data-absent-reason", code: "unknown" }],
    };
  }),
  fault("two values", (bundle) => {
    skin(bundle).valueString = "warm";
  }),
  fault("a vital sign without a value", (bundle) => without(weight(bundle), "valueQuantity")),
  fault("a vital sign without its category", (bundle) => {
    weight(bundle).category[0].coding[0].code = "activity";
  }),
  fault("a category that there is not", (bundle) => {
    weight(bundle).category[0].coding[0].code = "vitals";
  }),
  fault("a vital sign without a time", (bundle) => without(weight(bundle), "effectiveDateTime")),
  fault("a time of day without an offset", (bundle) => {
    weight(bundle).effectiveDateTime = "2026-03-01T12:00:00";
  }),
  fault("a date that there is not", (bundle) => {
    weight(bundle).effectiveDateTime = "2026-02-30";
  }),
  fault("a period that ends before it starts", (bundle) => {
    const { effectivePeriod } = skin(bundle);
    effectivePeriod.end = "2020-01-01T00:00:00Z";
  }),
  fault("a blood pressure without the lower one", (bundle) => bloodPressure(bundle).component.pop()),
  fault("an oxygen saturation without the profile's code", (bundle) =>
    saturation(bundle).code.coding.shift(),
  ),
  fault("a component without a code", (bundle) => without(bloodPressure(bundle).component[0], "code")),
  fault("a component without a value", (bundle) =>
    without(bloodPressure(bundle).component[0], "valueQuantity"),
  ),
  fault("sampled data without an origin", (bundle) =>
    without(heartRates(bundle).component[0].valueSampledData, "origin"),
  ),
  fault("sampled data without a period", (bundle) =>
    without(heartRates(bundle).component[0].valueSampledData, "period"),
  ),
  fault("a number that is a text", (bundle) => {
    weight(bundle).valueQuantity.value = "seventy";
  }),
  fault("an element that FHIR does not have", (bundle) => {
    weight(bundle).revision = 2;
  }),
  fault("an empty text", (bundle) => {
    withCode(bundle, "measurement-notes").valueString = "";
  }),
  fault("an identifier that is no URL's", (bundle) => {
    patient(bundle).identifier[0].system = "user id";
  }),
  fault("a birth date that there is not", (bundle) => {
    patient(bundle).birthDate = "1990-13-01";
  }),
  fault("an entry of a transaction without a request", (bundle) => without(bundle.entry[1], "request")),
  fault("a request with a method that there is not", (bundle) => {
    bundle.entry[1].request.method = "UPSERT";
  }),
  fault("two entries with one fullUrl", (bundle) => {
    bundle.entry[2].fullUrl = bundle.entry[1].fullUrl;
  }),
  fault("a fullUrl that is no URL", (bundle) => {
    bundle.entry[1].fullUrl = "urn:uuid:device";
  }),
  fault("an extension that is not defined", (bundle) => {
    const url = "https://systole.example/fhir/StructureDefinition/other";
    weight(bundle)._effectiveDateTime = { extension: [{ url, valueString: "x" }] };
  }),
  fault("a profile that is not defined for the code", (bundle) => {
    weight(bundle).meta.profile = ["http://hl7.org/fhir/StructureDefinition/heartrate"];
  }),
];
