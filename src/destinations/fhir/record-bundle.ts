/**
 * The Bundle of one record, with the tags that tell to which record and revision each resource belongs. The format
 * writes the revision alone; a server has to be asked for all that stands of a record, whatever revision it is from.
 */

import type { Bundle, Coding, Entry, Identifier, Observation, Patient } from "../../export/fhir/types.ts";
import type { OutgoingEvent } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { recordId } from "../kit/identity.ts";
import { type DataRecord, dataRecords } from "../kit/records.ts";

/** An entry whose resource is the record's own, and is replaced by newer revisions alone. */
export interface OwnEntry extends Omit<Entry, "resource"> {
  readonly resource: (Observation | Patient | Withdrawn) & {
    readonly meta: { readonly tag: readonly Coding[] };
  };
  /** The search that finds the resource: `identifier=…`. */
  readonly search: string;
  readonly identifier: Identifier;
}

/**
 * Stands for a record whose newest revision has nothing to say in FHIR, and keeps that revision: without it an older one
 * that arrives late would be written again. R4 reads `entered-in-error` as withdrawn.
 */
export interface Withdrawn extends Pick<Observation, "resourceType" | "identifier" | "code"> {
  readonly meta: { readonly tag: readonly Coding[] };
  readonly status: "entered-in-error";
  readonly subject?: Observation["subject"];
}

export const withdrawnObservation = (
  identifier: readonly Identifier[],
  tag: readonly Coding[],
): Withdrawn => ({
  resourceType: "Observation",
  meta: { tag },
  identifier,
  status: "entered-in-error",
  code: { text: "Withdrawn: the record has no values" },
});

export interface RecordBundle {
  /** The record in words, for people: "sleep 2026-03-01". */
  readonly name: string;
  readonly revision: number;
  /** The tag of every resource of the record. */
  readonly tag: Coding;
  /** The system of the tags with the revision. */
  readonly revisionSystem: string;
  readonly own: readonly OwnEntry[];
  /** The Patient and the Device, which other records name too. */
  readonly shared: readonly Entry[];
  /** The length of the Bundle's JSON. */
  readonly bytes: number;
}

/** @throws DeliveryError where the event's records are not in the format */
export function recordBundles(event: OutgoingEvent): RecordBundle[] {
  if (event.form === undefined) throw failure("DELIVERY_REJECTED", "the records are not in the format fhir");
  return dataRecords(event).map((record) => recordBundle(record, event.userId));
}

function recordBundle(record: DataRecord, userId: string | null): RecordBundle {
  const { type, naturalKey, revision, formed } = record;
  const bytes = formed?.bytes ?? record.json;
  const { entry } = JSON.parse(bytes.toString("utf8")) as Partial<Bundle>;
  const base = entry === undefined ? null : baseOf(entry);
  if (entry === undefined || base === null) {
    throw failure("DELIVERY_REJECTED", `${type} ${naturalKey} is not in the format fhir`);
  }
  const tag = { system: `${base}/identifier/record`, code: recordId(userId, type, naturalKey) };
  const revisionSystem = `${base}/identifier/revision`;
  const tags = [{ system: revisionSystem, code: String(revision) }, tag];
  const written = entry.flatMap((each) => ownEntry(each, tags));
  const own = written.length === 0 ? [withdrawn(entry, tag, tags)] : written;
  // Lost resources are found on the server, so that the Bundle's own DELETEs are not needed.
  const shared = entry.filter((each) => each.resource !== undefined && !isOwn(each));
  const name = `${type} ${naturalKey}`;
  return { name, revision, tag, revisionSystem, own, shared, bytes: bytes.length };
}

/** The base of our own URLs, which every Bundle has in the identifier of its Patient. */
function baseOf(entries: readonly Entry[]): string | null {
  const patient = entries.find(({ resource }) => resource?.resourceType === "Patient");
  const system = patient?.resource?.identifier[0]?.system ?? "";
  return /^(.+)\/identifier\/user$/.exec(system)?.[1] ?? null;
}

/** A Patient is a record's own where the record is the person's profile, which writes it with PUT. */
const isOwn = ({ resource, request }: Entry): boolean =>
  resource?.resourceType === "Observation" ||
  (resource?.resourceType === "Patient" && request.method === "PUT");

function ownEntry(entry: Entry, tags: readonly Coding[]): OwnEntry[] {
  const { resource } = entry;
  const identifier = resource?.identifier[0];
  if (resource === undefined || resource.resourceType === "Device") return [];
  if (identifier === undefined || !isOwn(entry)) return [];
  const search = entry.request.url.slice(entry.request.url.indexOf("?") + 1);
  const meta = "meta" in resource ? resource.meta : { tag: [] };
  const tag = new Map([...meta.tag, ...tags].map((each) => [`${each.system}|${each.code}`, each]));
  return [
    { ...entry, resource: { ...resource, meta: { ...meta, tag: [...tag.values()] } }, search, identifier },
  ];
}

function withdrawn(entries: readonly Entry[], { system, code }: Coding, tag: readonly Coding[]): OwnEntry {
  const patient = entries.find(({ resource }) => resource?.resourceType === "Patient");
  const identifier = { system, value: code };
  const search = `identifier=${encodeURIComponent(system)}|${encodeURIComponent(code)}`;
  const resource: Withdrawn = {
    ...withdrawnObservation([identifier], tag),
    subject: { reference: patient?.fullUrl ?? "" },
  };
  return { resource, search, identifier, request: { method: "PUT", url: `Observation?${search}` } };
}
