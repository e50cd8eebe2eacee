/** What a message says of its event beside the body, for queues: SQS's attributes, Kafka's headers. */
import type { OutgoingEvent } from "../destination.ts";

/** The same on every attempt. What the event does not have is left out. */
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

/** Of a single record; an event of several has as many revisions. */
function revision({ records: [record, another] }: OutgoingEvent): Record<string, string> {
  return record === undefined || another !== undefined ? {} : { revision: String(record.revision) };
}
