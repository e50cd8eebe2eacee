/** The messages to a converting thread and back. */
import type { Conversion, Conversions } from "../export/conversions.ts";

export type ConversionTask = {
  readonly [Kind in Conversion]: { readonly kind: Kind; readonly task: Conversions[Kind]["task"] };
}[Conversion];

export type ConversionAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly reason: string };
