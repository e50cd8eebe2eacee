/** What a sync of the ring's app does: documents are stored in place of older ones, and subscribers are told. */
import { elements } from "../kit/raw-json.ts";
import type { Collection, Json } from "./collections.ts";
import { controlRefusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { type Document, keep, type Person } from "./state.ts";

export interface Upload {
  readonly stored: number;
  readonly notified: number;
}

/** How often each notification is sent. */
export type Times = 0 | 1 | 2;

export function upload(
  sandbox: Sandbox,
  person: Person,
  { collection, texts, times }: { collection: Collection; texts: readonly string[]; times: Times },
): Upload {
  const documents = texts.map((raw, index) => documentOf(collection, raw, index));
  let notified = 0;
  for (const document of documents) {
    const event_type = keep(person, collection.name, document) ? "create" : "update";
    for (let time = 0; time < times; time += 1) {
      if (tell(sandbox, person, { collection, event_type, id: document.id })) notified += 1;
    }
  }
  return { stored: documents.length, notified };
}

/** Deletes a document, which answers 404 from now on. Returns how many notifications were sent. */
export function remove(
  sandbox: Sandbox,
  person: Person,
  { collection, id, times }: { collection: Collection; id: string; times: Times },
): number {
  if (!person.documents.get(collection.name)?.delete(id)) throw controlRefusal(404, `No document ${id}`);
  let notified = 0;
  for (let time = 0; time < times; time += 1)
    if (tell(sandbox, person, { collection, event_type: "delete", id })) notified += 1;
  return notified;
}

const tell = (
  { sender }: Sandbox,
  person: Person,
  about: { readonly collection: Collection; readonly event_type: string; readonly id: string },
): boolean =>
  about.collection.dataType !== null &&
  sender.notify({
    event_type: about.event_type,
    data_type: about.collection.dataType,
    object_id: about.id,
    user_id: person.id,
  });

/** Splits what was put: one document, a list of them, or a list as Oura sends it. */
export function textsIn(text: string): string[] {
  const parsed = parse(text);
  if (Array.isArray(parsed)) return elements(text);
  if (!Array.isArray(Object(parsed).data)) return [text.trim()];
  return elements(text.slice(text.indexOf("[")));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw controlRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function documentOf(collection: Collection, raw: string, index: number): Document {
  try {
    const body: Json = JSON.parse(raw);
    return { id: collection.idOf(body), time: collection.timeOf(body), raw };
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw controlRefusal(400, `${collection.name}[${index}]: ${why}`);
  }
}
