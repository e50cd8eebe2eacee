/**
 * The forms of a document. Whole: the record's fields, the `user`, and our own fields under `systole`. Text: where
 * the store cannot hold a field, the record's JSON as a text under `systole.json`, so that nothing is lost. Link:
 * where it is too large, the short body with the address of the whole event.
 */
import type { OutgoingEvent } from "../../destination.ts";
import { linkForm } from "../../link.ts";
import { failure } from "../failure.ts";
import { members } from "../json-slices.ts";
import { type Entry, type FhirOrigin, isRecord } from "./entries.ts";
import { type Fields, parseExact, type Value } from "./exact-json.ts";
import { Unfit } from "./unfit.ts";

export type Form = "whole" | "text";

/** Makes the store's document of the fields, without losing any. @throws Unfit */
export type Encode<Document> = (fields: Fields) => Document;

/** Names that the document uses itself: a field of the record with such a name would be lost. */
const recordsReserved = ["_id", "user", "systole"];
const eventsReserved = ["_id", "systole"];

/**
 * Returns the entry in the first form that fits, beginning with `form`: a shape that does not fit leads to the text
 * form, a size to the link form.
 * @throws DeliveryError
 */
export async function documentOf<Document>(
  entry: Entry,
  encode: Encode<Document>,
  signal: AbortSignal,
  form: Form = "whole",
): Promise<Document> {
  const inWhole = form === "whole" ? attempt(() => encode(whole(entry))) : "shape";
  if (isHeld(inWhole)) return inWhole.document;
  const inText = inWhole === "shape" ? attempt(() => encode(asText(entry))) : inWhole;
  if (isHeld(inText)) return inText.document;
  const { body } = await linkForm(entry.event, signal);
  const inLink = attempt(() => encode(asLink(entry, body)));
  if (isHeld(inLink)) return inLink.document;
  throw failure("DELIVERY_TOO_LARGE");
}

interface Held<Document> {
  readonly document: Document;
}

const isHeld = <Document>(result: Held<Document> | Unfit["why"]): result is Held<Document> =>
  typeof result === "object";

/** Returns the document, or the reason why it does not fit. */
function attempt<Document>(make: () => Document): Held<Document> | Unfit["why"] {
  try {
    return { document: make() };
  } catch (error) {
    if (error instanceof Unfit) return error.why;
    throw error;
  }
}

function whole(entry: Entry): Fields {
  const fields = parseExact(entry.json.toString("utf8")) as Fields;
  const reserved = isRecord(entry) ? recordsReserved : eventsReserved;
  const taken = reserved.find((name) => Object.hasOwn(fields, name));
  if (taken !== undefined) throw new Unfit("shape", `it has a field ${taken} of its own`);
  return { ...fields, ...(isRecord(entry) && userOf(entry)), systole: ours(entry) };
}

const asText = (entry: Entry): Fields => ({
  ...keptOf(entry),
  systole: { ...ours(entry), json: entry.json.toString("utf8") },
});

const asLink = (entry: Entry, body: Buffer): Fields => ({
  ...(JSON.parse(body.toString("utf8")) as Fields),
  ...keptOf(entry),
  systole: ours(entry),
});

/** Fields for searches when the record's own fields are not in the document. */
function keptOf(entry: Entry): Fields {
  const { time, endTime } = entry;
  if (!isRecord(entry)) return userOf(entry);
  return { metadata: { start_time: time, end_time: endTime }, ...userOf(entry) };
}

function userOf({ event: { form, body: sent } }: Entry): { user?: Value } {
  const body = form?.terra ?? sent;
  const slice = members(body).get("user");
  return slice === undefined ? {} : { user: parseExact(body.toString("utf8", slice.from, slice.to)) };
}

/** `revision` beside it tells which version of a resource is the newest; that of the record may be another number. */
const originOf = ({ record, type, revision, patientId }: FhirOrigin, event: OutgoingEvent): Fields => ({
  record,
  data_type: type,
  record_revision: revision,
  patient_id: patientId,
  updated_at: new Date(event.orderingTimestamp).toISOString(),
});

/** Our own fields. An event without records has neither a revision nor a natural key. */
function ours(entry: Entry): Fields {
  const { identity, event, revision, distinction } = entry;
  if (revision === null) return { identity, event_id: event.id };
  const kept = { identity, event_id: event.id, revision, natural_key: distinction };
  return entry.fhir === undefined ? kept : { ...kept, ...originOf(entry.fhir, event) };
}
