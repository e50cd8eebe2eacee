/** TCX and GPX as plain objects: names in snake_case, attributes beside elements, every value a text. */
import { XMLParser } from "fast-xml-parser";
import { unpack, unreadable } from "./unpack.ts";

/** Elements of which there may be several: arrays even where there is one. */
const repeated = new Set(["activity", "lap", "track", "trk", "trkseg"]);

/**
 * Elements that stay the text they are: nine tenths of a file, and nothing is made of them but their first and
 * last time. A point of them parsed would cost more than all the rest of an exercise.
 */
const unparsed = ["..track", "..trkseg"];

const snakeNames = new Map<string, string>();

/** `AverageHeartRateBpm` → `average_heart_rate_bpm`, `TPX` → `tpx`. A file has few names, many times each. */
function snakeName(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();
  if (snakeNames.size < 1000) snakeNames.set(name, made);
  return made;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  stopNodes: unparsed,
  maxNestedTags: 32,
  transformTagName: snakeName,
  transformAttributeName: snakeName,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && repeated.has(name),
});

/**
 * @param root the outermost element, as the file spells it
 * @throws ProviderError PROVIDER_BODY_INVALID, for good
 */
export function decodeXml(resource: string, root: string, body: Buffer): unknown {
  // One old export has white space before the XML declaration (POLAR-API §2).
  const text = unpack(resource, body)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  // Neither format has a document type, and where there is none there are no entities to expand.
  if (text.includes("<!DOCTYPE") || text.includes("<!ENTITY")) throw unreadable(resource, "document type");
  // The parser takes half a file for a whole one.
  if (!text.endsWith(`</${root}>`)) throw unreadable(resource, `not ${root}, or cut off`);
  try {
    return parser.parse(text);
  } catch (cause) {
    throw unreadable(resource, "not XML", cause);
  }
}
