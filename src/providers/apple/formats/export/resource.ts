/** The export of the Health app, a zip file or the XML inside it, as a resource whose bodies are files. */
import { ignored, type Ledger } from "../../../ledger.ts";
import { type FileUpload, ProviderError, type Resource } from "../../../provider.ts";
import { exportSetUp } from "../../set-up/export.ts";
import { readExport } from "./read-export.ts";
import { exportFormat } from "./statements.ts";

const clinical = ignored("clinical documents, of which no data type speaks; they stay in the file");
const duplicate = ignored("said elsewhere in the export");
const counted = ignored("a fault of the file, counted to be shown");

const named = (kind: string, names: readonly string[], fate: Ledger[string]): Ledger =>
  Object.fromEntries(names.map((name) => [`${kind}[name=${name}]`, fate]));

/** The things that `unread.ts` counts. An element, attribute or kind of file that is not listed is shown as unknown. */
const ledger: Ledger = {
  ...named("elements", ["ClinicalRecord", "Audiogram", "VisionPrescription"], clinical),
  ...named("files", ["json", "pdf", "xml"], clinical),
  ...named("files", ["none", "route without a workout"], ignored("nothing to attach it to")),
  ...named("attributes", ["HealthData.locale"], duplicate),
  records: counted,
  values: counted,
  damaged_files: counted,
  faults: counted,
};

/** A file is never read as one value. */
function isAFile(): never {
  throw new ProviderError("PROVIDER_BODY_INVALID", "never", { resource: exportFormat, reason: "a file" });
}

export const healthExport: Resource = {
  name: exportFormat,
  ledger,
  discovery: null,
  decode: isAFile,
  parts: isAFile,
  partsOfFile: (_key, file, reading) => readExport(file, reading),
};

/** An export of ten years has 100 MB as a zip file, and 3 GB as XML. */
export const exportUpload: FileUpload = {
  guide: exportSetUp,
  maxBytes: 9 * 1024 ** 3,
  fileOf: exportFormat,
  isSentByHand: true,
};
