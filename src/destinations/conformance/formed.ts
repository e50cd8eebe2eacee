/** Test events in a record format. */
import { eventForm } from "../../export/event-form.ts";
import { loadFormat, type RecordFormatName } from "../../export/formats.ts";
import type { OutgoingEvent, Sender } from "../destination.ts";

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

/** Returns the event as a kind that takes one format alone gets it. An event without records has no form. */
export async function asSent<Event extends OutgoingEvent>(
  event: Event,
  only: RecordFormatName | undefined,
): Promise<Event> {
  if (only === undefined || event.form !== undefined || event.records.length === 0) return event;
  return inFormat(event, only);
}

/** The sender of a kind that takes one format alone, to which events are given as Terra's. */
export function inOnlyFormat(sender: Sender, only: RecordFormatName): Sender {
  const { deliverBatch } = sender;
  return {
    deliver: async (event, signal) => sender.deliver(await asSent(event, only), signal),
    ...(deliverBatch !== undefined && {
      deliverBatch: async (events: readonly OutgoingEvent[], signal: AbortSignal) =>
        deliverBatch.call(sender, await Promise.all(events.map((event) => asSent(event, only))), signal),
    }),
    check: (signal) => sender.check(signal),
    close: () => sender.close(),
  };
}
