/** The CapabilityStatement: what the read-only server can be asked for. */

/** The day on which its contents last changed. */
const changed = "2026-11-29";

interface SearchParam {
  readonly name: string;
  readonly type: "token" | "date" | "reference" | "number";
  readonly documentation: string;
}

const count: SearchParam = {
  name: "_count",
  type: "number",
  documentation:
    "The most resources found on a page, 1 to 1,000; 100 when absent. A page may have fewer. Included ones do not count.",
};

const patient = {
  type: "Patient",
  interaction: [{ code: "read" }, { code: "search-type" }],
  searchParam: [
    {
      name: "identifier",
      type: "token",
      documentation: "The user_id or the reference_id, with or without its system; without it, everybody",
    },
    count,
  ] satisfies SearchParam[],
  operation: [
    {
      name: "everything",
      definition: "http://hl7.org/fhir/OperationDefinition/Patient-everything",
      documentation:
        "With start, end and _count. The days are those on which records start, both included. The first page includes all Devices.",
    },
  ],
};

const observation = {
  type: "Observation",
  interaction: [{ code: "read" }, { code: "search-type" }],
  searchParam: [
    {
      name: "patient",
      type: "reference",
      documentation: "Required: an id, Patient/ and an id, or the Patient's whole address",
    },
    { name: "code", type: "token", documentation: "The Observation's own code, not those of its components" },
    {
      name: "date",
      type: "date",
      documentation:
        "With eq, ge, gt, le or lt; may be given twice. Without an offset it is the person's own clock.",
    },
    count,
  ] satisfies SearchParam[],
};

const readable = (type: string) => ({ type, interaction: [{ code: "read" }] });

const device = {
  ...readable("Device"),
  documentation: "Not searched: Observations name them, and Patient/$everything has all of a person's.",
};

export const capabilityStatement = (publicUrl: string) => ({
  resourceType: "CapabilityStatement",
  status: "active",
  date: changed,
  kind: "instance",
  software: { name: "Systole" },
  implementation: { description: "Systole, reading", url: `${publicUrl}/fhir` },
  fhirVersion: "4.0.1",
  format: ["json", "application/fhir+json"],
  rest: [
    {
      mode: "server",
      security: {
        service: [
          {
            coding: [
              { system: "http://terminology.hl7.org/CodeSystem/restful-security-service", code: "Basic" },
            ],
          },
        ],
        description:
          "The dev-id of an environment as the user name and its API key as the password, or both in the headers dev-id and x-api-key. Definitions and this statement need none.",
      },
      resource: [patient, observation, device, readable("CodeSystem"), readable("StructureDefinition")],
    },
  ],
});
