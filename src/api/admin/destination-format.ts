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

/** Returns the formats of a kind, Terra's first where it takes that. */
export const formatsOf = ({ formats: others = [], onlyFormat }: Destination): readonly string[] =>
  onlyFormat === undefined ? ["terra", ...others] : [onlyFormat];

/** A kind with one format gets it unasked, and no record in another one. @throws SystoleError DESTINATION_FORMAT_UNSUPPORTED */
export function formatChange(
  destination: Destination,
  { format, when_unsupported: whenUnsupported }: FormatParameters,
): Pick<DestinationChange, "format" | "whenUnsupported"> {
  const { kind, onlyFormat } = destination;
  const taken = formatsOf(destination);
  const asked = [format, whenUnsupported === "terra" ? "terra" : undefined];
  const refused = asked.find((name) => name !== undefined && !taken.includes(name));
  if (refused !== undefined) {
    throw new SystoleError("DESTINATION_FORMAT_UNSUPPORTED", { kind, format: refused, formats: taken });
  }
  return onlyFormat === undefined
    ? { format, whenUnsupported }
    : { format: onlyFormat, whenUnsupported: "leave_out" };
}
