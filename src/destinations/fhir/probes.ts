/**
 * Writes that try a permission and cannot succeed: each resource refers to a Patient by an identifier that nobody has,
 * and a transaction with such a reference fails as a whole (https://hl7.org/fhir/R4/http.html#trules). Deletions are of
 * an id that nothing has.
 */
import { randomUUID } from "node:crypto";

export interface WriteProbe {
  /** The permission, as a check names it. */
  readonly permission: string;
  readonly entry: object;
}

/** The permissions that deliveries need, in the words of a check. */
export const permissions: readonly string[] = [
  "search Observation",
  "search Patient",
  ...probes().map(({ permission }) => permission),
];

/** New ones for each test of a connection. */
export function probes(): WriteProbe[] {
  const nobody = { reference: `Patient?identifier=urn:uuid:|${randomUUID()}` };
  const observation = { status: "final", code: { text: "Test of a connection" }, subject: nobody };
  const patient = { link: [{ other: nobody, type: "seealso" }] };
  return [
    create("Observation", observation),
    update("Observation", observation),
    deletion(),
    create("Patient", patient),
    update("Patient", patient),
    create("Device", { patient: nobody }),
    update("Device", { patient: nobody }),
  ];
}

function deletion(): WriteProbe {
  const request = { method: "DELETE", url: `Observation/${randomUUID()}` };
  return { permission: "delete Observation", entry: { request } };
}

function create(resourceType: string, fields: object): WriteProbe {
  const resource = { resourceType, ...fields };
  const request = { method: "POST", url: resourceType };
  return { permission: `create ${resourceType}`, entry: { resource, request } };
}

/** An id that nothing has: servers that let clients choose ids would make it, and others refuse it. */
function update(resourceType: string, fields: object): WriteProbe {
  const id = randomUUID();
  const resource = { resourceType, id, ...fields };
  const request = { method: "PUT", url: `${resourceType}/${id}` };
  return { permission: `update ${resourceType}`, entry: { resource, request } };
}
