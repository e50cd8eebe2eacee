/** The export settings that follow from the configuration. */
import type { Config } from "../config.ts";
import type { ExportSettings } from "./contract.ts";

type Configured = Partial<Pick<Config, "SYSTOLE_FHIR_BASE" | "SYSTOLE_FHIR_BIRTH_DATE">>;

export const exportSettings = (
  publicUrl: string,
  {
    SYSTOLE_FHIR_BASE: fhirBase = `${publicUrl}/fhir`,
    SYSTOLE_FHIR_BIRTH_DATE: birthDate = false,
  }: Configured = {},
): ExportSettings => ({ fhirBase, birthDate });
