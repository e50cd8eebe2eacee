/** Whether an environment wants birth dates in FHIR. */
import type { Migration } from "./migration.ts";

export const fhirBirthDate: Migration = {
  number: 38,
  name: "fhir-birth-date",
  statements: ["ALTER TABLE environments ADD COLUMN fhir_birth_date boolean NOT NULL DEFAULT false"],
};
