/** The format `fhir`: a record as a transaction Bundle. */
import { defineFormat, type Exported } from "../contract.ts";
import { transactionOf } from "./bundle.ts";
import type { Bundle } from "./types.ts";

export default defineFormat<Bundle>({
  name: "fhir",
  displayName: "FHIR R4",
  contentType: "application/fhir+json",
  extension: ".fhir.json",
  comparesFormer: true,
  supports: () => true,
  write(record, settings): Exported<Bundle> | null {
    const { bundle, leftOut } = transactionOf(record, settings);
    // A person alone says nothing of the record; what was left out is still to be told.
    if (record.type !== "athlete" && bundle.entry.length === 1 && leftOut.length === 0) return null;
    return { content: bundle, bytes: Buffer.from(JSON.stringify(bundle)), leftOut };
  },
});
