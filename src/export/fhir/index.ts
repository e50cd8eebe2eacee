/** The format `fhir`: a record as a transaction Bundle. */
import { defineFormat, type Exported } from "../contract.ts";
import { transactionOf } from "./bundle.ts";
import type { Bundle } from "./types.ts";

export default defineFormat<Bundle>({
  name: "fhir",
  displayName: "FHIR R4",
  contentType: "application/fhir+json",
  extension: ".fhir.json",
  supports: () => true,
  write(record, settings): Exported<Bundle> {
    const { bundle, leftOut } = transactionOf(record, settings);
    return { content: bundle, bytes: Buffer.from(JSON.stringify(bundle)), leftOut };
  },
});
