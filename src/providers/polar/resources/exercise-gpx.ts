/** The GPX file of an exercise (GET /v3/exercises/{id}/gpx). It is only stored as a file. */
import { z } from "zod";
import { unused } from "../../kit/fields.ts";
import { decodeXml } from "../../kit/files/xml-file.ts";
import { ignored, type Ledger } from "../../ledger.ts";
import { exerciseFile } from "./exercise-file.ts";

const ledger: Ledger = {
  gpx: ignored(
    "the exercise's own route and altitude samples say all of it; a GPX of Polar's has no heart rate",
  ),
};

export const exerciseGpx = exerciseFile({
  format: "gpx",
  accept: "application/gpx+xml",
  schema: z.looseObject({ gpx: unused }),
  ledger,
  decode: (name, body) => decodeXml(name, "gpx", body),
  derive: () => ({}),
});
