/**
 * An exercise's files. They are kept as they came; what the exercise does not say itself (laps, pauses) is read
 * from them. A file that cannot be read is kept all the same and is no part of anything.
 */
import type { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { type ReadIssue, readTolerantly } from "../../kit/read-tolerantly.ts";
import type { Ledger } from "../../ledger.ts";
import { ledgerPath } from "../../ledger-leaves.ts";
import { type Part, ProviderError, type ResourceRef, type ServedResource } from "../../provider.ts";
import { decodeFit } from "../files/fit-file.ts";
import { fitPauses, tcxPauses } from "../files/pauses.ts";
import { decodeTcx } from "../files/tcx-file.ts";
import { decodeXml } from "../files/xml-file.ts";
import { exerciseFitLedger } from "../ledger/exercise-fit.ts";
import { exerciseGpxLedger } from "../ledger/exercise-gpx.ts";
import { exerciseTcxLedger } from "../ledger/exercise-tcx.ts";
import { accesslink } from "../names.ts";
import type { PolarExercise } from "../schema/exercise.ts";
import { exerciseIdPattern } from "../schema/fields.ts";
import { fitFileSchema, gpxFileSchema, tcxFileSchema } from "../schema/files.ts";

interface FileDeclaration<Schema extends z.ZodType> {
  /** What follows the exercise's id in the path, and `exercise-` in the resource's name. */
  readonly format: string;
  /** Polar answers 406 to any other. */
  readonly accept: string;
  readonly schema: Schema;
  readonly ledger: Ledger;
  decode(name: string, body: Buffer): unknown;
  /** What is read out of the file beside its own content. */
  derive(file: z.output<Schema>): object;
}

function file<Schema extends z.ZodType>(declaration: FileDeclaration<Schema>): ServedResource {
  const { format, accept, schema, ledger } = declaration;
  const name = `exercise-${format}`;
  return {
    name,
    api: accesslink,
    ledger,
    // Never looked for by date: each is asked for by its exercise's id, once that is there.
    discovery: null,
    request(key) {
      if (exerciseIdPattern.test(key))
        return { method: "GET", path: `/v3/exercises/${key}/${format}`, accept };
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
    },
    decode: (body) => declaration.decode(name, body),
    parts(key, body): Part[] {
      const read = readTolerantly(schema, body);
      if ("fatal" in read) throw invalid(name, key, read.fatal);
      const value = { ...(read.value as object), ...declaration.derive(read.value) };
      const paths = [...new Set(read.unreadable.map((steps) => ledgerPath(ledger, steps)))];
      return [{ resource: name, key, value, ...(paths.length > 0 && { unreadable: paths }) }];
    },
  };
}

/** Where and what, never the value. Fetching it again would bring the same file. */
function invalid(resource: string, key: string, found: readonly ReadIssue[]): ProviderError {
  const issues = found.slice(0, 10).map(({ path, message }) => ({ path: path.join("."), message }));
  return new ProviderError("PROVIDER_BODY_INVALID", "never", { resource, key, issues });
}

export const exerciseFit = file({
  format: "fit",
  accept: "*/*",
  schema: fitFileSchema,
  ledger: exerciseFitLedger,
  decode: decodeFit,
  derive: (data) => ({ pauses: fitPauses(data) }),
});

export const exerciseTcx = file({
  format: "tcx",
  accept: "application/vnd.garmin.tcx+xml",
  schema: tcxFileSchema,
  ledger: exerciseTcxLedger,
  decode: decodeTcx,
  derive: (data) => ({ pauses: tcxPauses(data) }),
});

export const exerciseGpx = file({
  format: "gpx",
  accept: "application/gpx+xml",
  schema: gpxFileSchema,
  ledger: exerciseGpxLedger,
  decode: (name, body) => decodeXml(name, "gpx", body),
  derive: () => ({}),
});

/** Every exercise has FIT and TCX, as far as Polar says; a GPX is made of a route. */
export function filesOf({ key, value }: Part): readonly ResourceRef[] {
  const { has_route } = value as PolarExercise;
  const formats = has_route === true ? [exerciseFit, exerciseTcx, exerciseGpx] : [exerciseFit, exerciseTcx];
  return formats.map(({ name }) => ({ resource: name, key }));
}
