/** Puts an outgoing event into the format of its destination. */
import type { Converter } from "../converting/converter.ts";
import type { OutgoingEvent } from "../destinations/destination.ts";
import type { ExportSettings } from "../export/contract.ts";
import type { LeftOutOfEvent } from "../export/event-form.ts";
import type { FormerEvent } from "../export/event-records.ts";
import { loadFormat } from "../export/formats.ts";
import type { DueDestination } from "../store/deliveries.ts";

export interface FormedEvent {
  /** Null where nothing is to be sent: every record is left out. */
  readonly event: OutgoingEvent | null;
  readonly leftOut: readonly LeftOutOfEvent[];
}

export interface Forming {
  readonly settings: ExportSettings;
  /** Asked for by formats that delete what a record lost. */
  formers(): Promise<readonly FormerEvent[]>;
  readonly converter: Pick<Converter, "convert">;
  /** Ends the conversion. */
  readonly signal: AbortSignal;
}

/**
 * Returns the event itself where the destination takes Terra's format or the event has no records. The same event has
 * the same bytes on every attempt.
 * @throws SystoleError FORMAT_UNKNOWN; the signal's reason
 */
export async function formedEvent(
  event: OutgoingEvent,
  { format: name, whenUnsupported }: Pick<DueDestination, "format" | "whenUnsupported">,
  { settings, converter, formers, signal }: Forming,
): Promise<FormedEvent> {
  if (name === "terra" || event.records.length === 0) return { event, leftOut: [] };
  const format = await loadFormat(name);
  const { userId, referenceId, records: identities, body: terra } = event;
  const source = { userId, referenceId, records: identities, body: terra };
  const task = {
    event: format.comparesFormer === true ? { ...source, formers: await formers() } : source,
    format: name,
    settings,
    whenUnsupported,
  };
  const { body, records, leftOut, isEmpty } = await converter.convert("event", task, signal);
  if (isEmpty) return { event: null, leftOut };
  if (body === null) return { event, leftOut };
  const { contentType, extension, bytes } = body;
  return {
    event: { ...event, body: bytes, form: { contentType, extension, records, terra: event.body } },
    leftOut,
  };
}
