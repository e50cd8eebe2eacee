/** Names a downloaded body: its content, its version, and an extension that programs know. */
import { isFit } from "../../export/fit/mark.ts";
import { isZip } from "../../zip/unzip.ts";

/** By media type, without the vendor of a type such as `application/vnd.ant.fit`. */
const endings: Readonly<Record<string, string>> = {
  "application/json": "json",
  "application/tcx+xml": "tcx",
  "application/gpx+xml": "gpx",
  "application/xml": "xml",
  "text/xml": "xml",
  "text/csv": "csv",
  "application/fit": "fit",
};
const longestPart = 80;
const gzipMagic = Buffer.from([0x1f, 0x8b]);

export interface Named {
  readonly provider: string;
  readonly resource: string;
  readonly resourceKey: string;
  readonly rawPayloadId: string;
  readonly contentType: string | null;
}

/** Returns `<provider>-exercise-PWvlO8J1-0199….json`. The id tells two versions of one thing apart. */
export function rawFilename(named: Named, body: Buffer): string {
  const { provider, resource, resourceKey, rawPayloadId } = named;
  const name = [provider, resource, resourceKey].map(plain).filter((part) => part !== "");
  return `${[...name, rawPayloadId].join("-")}.${endingOf(named.contentType, body)}`;
}

/** Keeps only characters that every file system and every header accepts. */
const plain = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9._]+/g, "-")
    .replaceAll(/^[-.]+|-+$/g, "")
    .slice(0, longestPart);

/** Returns the extension. A compressed body stays compressed, since the bytes are the provider's. */
function endingOf(contentType: string | null, body: Buffer): string {
  const given = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const media = given.replace(/\/vnd\.[^.]+\./, "/");
  if (isZip(body)) return "zip";
  const ending = isFit(body) ? "fit" : (endings[media] ?? (media.endsWith("+json") ? "json" : "bin"));
  return body.subarray(0, 2).equals(gzipMagic) ? `${ending}.gz` : ending;
}
