/** Test events in a record format. */
import { eventForm } from "../../export/event-form.ts";
import { loadFormat, type RecordFormatName } from "../../export/formats.ts";
import type { OutgoingEvent } from "../destination.ts";

const settings = { fhirBase: "https://systole.example/fhir", birthDate: false };

/** Returns the event with its records in the format, as a delivery sends it. */
export async function inFormat<Event extends OutgoingEvent>(
  event: Event,
  name: RecordFormatName,
): Promise<Event> {
  const form = eventForm(event, await loadFormat(name), settings, "leave_out");
  if (form.body === null) throw new Error(`the event has no form in ${name}`);
  const { contentType, extension, bytes } = form.body;
  const { records } = form;
  return { ...event, body: bytes, form: { contentType, extension, records, terra: event.body } };
}
