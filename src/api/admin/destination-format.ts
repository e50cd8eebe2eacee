/** The format in which a destination gets records. */
import type { z } from "zod";
import type { Destination } from "../../destinations/destination.ts";
import { SystoleError } from "../../errors.ts";
import type { DestinationChange } from "../../store/destinations.ts";
import { formats, unsupported } from "./destination-view.ts";

export const formatParameters = {
  format: formats.optional().describe("The format of records; `terra` when absent"),
  when_unsupported: unsupported
    .optional()
    .describe(
      "`leave_out`: records without a form in the format are not sent; else they are sent as Terra's",
    ),
};

type FormatParameters = z.output<z.ZodObject<typeof formatParameters>>;

/** Returns the formats of a kind, Terra's first. */
export const formatsOf = ({ formats: others = [] }: Destination): readonly string[] => ["terra", ...others];

/** @throws SystoleError DESTINATION_FORMAT_UNSUPPORTED */
export function formatChange(
  destination: Destination,
  { format, when_unsupported: whenUnsupported }: FormatParameters,
): Pick<DestinationChange, "format" | "whenUnsupported"> {
  const taken = formatsOf(destination);
  if (format !== undefined && !taken.includes(format)) {
    throw new SystoleError("DESTINATION_FORMAT_UNSUPPORTED", {
      kind: destination.kind,
      format,
      formats: taken,
    });
  }
  return { format, whenUnsupported };
}
