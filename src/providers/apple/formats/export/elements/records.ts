/** Record → Sample. */
import { isCategory } from "../../../healthkit/category-cases.ts";
import { quantityPrefix } from "../../../healthkit/quantity-types.ts";
import type { Metadata, Sample } from "../../../healthkit/sample.ts";
import { limits } from "../limits.ts";
import { metadataOf, type XmlElement } from "../xml/element.ts";
import type { Sources } from "./device.ts";
import { recordValue } from "./quantities.ts";
import { instantOf } from "./written-instant.ts";

const noMetadata: Metadata = {};

/** Returns null for a record without a type or a time. */
export function sampleOf({ attributes, children }: XmlElement, sources: Sources): Sample | null {
  const { type } = attributes;
  const startMs = instantOf(attributes.startDate);
  if (type === undefined || startMs === null || !isTypeName(type)) return null;
  const metadata = children.length === 0 ? null : metadataOf(children);
  return {
    uuid: null,
    type,
    startMs,
    endMs: Math.max(startMs, instantOf(attributes.endDate) ?? startMs),
    value: recordValue(type, attributes),
    zone: metadata?.get("HKTimeZone") ?? null,
    offsetMinutes: null,
    source: sources.of(attributes),
    isUserEntered: metadata?.get("HKWasUserEntered") === "1",
    isAggregate: false,
    metadata: metadata === null ? noMetadata : otherMetadata(metadata),
  };
}

const isTypeName = (type: string): boolean => type.length <= limits.typeChars && /^\w+$/.test(type);

/** The keys that have a field of their own. */
const told = ["HKTimeZone", "HKWasUserEntered"];

export const otherMetadata = (metadata: ReadonlyMap<string, string>): Metadata =>
  Object.fromEntries(
    told.some((key) => metadata.has(key)) ? [...metadata].filter(([key]) => !told.includes(key)) : metadata,
  );

/** Whether a value could not be read. A quantity must have one; a category that has none is an event. */
export const lacksValue = ({ attributes }: XmlElement, { type, value }: Sample): boolean =>
  value === null && (type.startsWith(quantityPrefix) || (isCategory(type) && attributes.value !== undefined));
