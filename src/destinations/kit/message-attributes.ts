/** Attributes of a message beside its body, for queues: SQS's attributes, Kafka's headers. */
import type { OutgoingEvent } from "../destination.ts";

/** Returns the same attributes on every attempt. Those that the event lacks are left out. */
export function messageAttributes(event: OutgoingEvent): Record<string, string> {
  return {
    event_id: event.id,
    event_type: event.type,
    ...(event.userId === null ? {} : { user_id: event.userId }),
    ...(event.referenceId === null ? {} : { reference_id: event.referenceId }),
    terra_reference: event.reference,
    trace_id: event.traceId,
    ordering_timestamp: String(event.orderingTimestamp),
    ...revision(event),
  };
}

/** The revision of a single record. An event with several records has no one revision. */
function revision({ records: [record, another] }: OutgoingEvent): Record<string, string> {
  return record === undefined || another !== undefined ? {} : { revision: String(record.revision) };
}
