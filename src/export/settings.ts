/** The export settings that follow from the configuration. */
import type { Config } from "../config.ts";
import type { ConfiguredExports } from "./contract.ts";

type Configured = Partial<Pick<Config, "SYSTOLE_FHIR_BASE">>;

export const exportSettings = (
  publicUrl: string,
  { SYSTOLE_FHIR_BASE: fhirBase = `${publicUrl}/fhir` }: Configured = {},
): ConfiguredExports => ({ fhirBase });
