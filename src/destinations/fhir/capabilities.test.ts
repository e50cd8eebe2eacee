import { describe, expect, it } from "vitest";
import { missingCapabilities } from "./capabilities.ts";

const codes = (...names: string[]) => names.map((code) => ({ code }));
const resource = (type: string, changes: object = {}) => ({
  type,
  interaction: codes("read", "search-type", "create", "update", "delete"),
  conditionalCreate: true,
  conditionalUpdate: true,
  conditionalDelete: "single",
  ...changes,
});
const statement = (changes: object = {}, observation: object = {}) => ({
  resourceType: "CapabilityStatement",
  fhirVersion: "4.0.1",
  software: { name: "A server", version: "7" },
  rest: [
    {
      mode: "server",
      interaction: codes("transaction", "batch"),
      resource: [resource("Patient"), resource("Device"), resource("Observation", observation)],
    },
  ],
  ...changes,
});

describe("a CapabilityStatement", () => {
  it("with all that is needed", () => {
    expect(missingCapabilities(statement())).toEqual({ missing: [], software: "A server 7, FHIR 4.0.1" });
  });

  it.each([
    [statement({ fhirVersion: "5.0.0" }), ["FHIR R4 (4.0): the server speaks 5.0.0"]],
    [statement({ fhirVersion: "4.3.0" }), ["FHIR R4 (4.0): the server speaks 4.3.0"]],
    [statement({}, { conditionalCreate: false }), ["Observation: conditionalCreate"]],
    [statement({}, { interaction: codes("read", "search-type") }), ["Observation: create, update, delete"]],
    [statement({ rest: [] }), ["transaction", "Patient", "Device", "Observation"]],
    [statement({ rest: "none" }), ["a CapabilityStatement that can be read"]],
  ])("names what is missing %#", (given, missing) => {
    expect(missingCapabilities(given).missing).toEqual(missing);
  });
});
