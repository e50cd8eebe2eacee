/** Decodes the original file of an activity: a FIT file, alone in a ZIP file; of an imported one also GPX or TCX. */
import { decodeFit, isFit } from "../../kit/files/fit-file.ts";
import { unreadable } from "../../kit/files/unpack.ts";
import { zippedFiles } from "../../kit/files/zipped.ts";
import { type Fields, intervalsOf, seriesOf } from "./series.ts";
import { trackOf } from "./track-points.ts";

/** A day, second by second, with fifty fields, has four million bytes in FIT, and thirty in XML. */
const mostBytes = 32 * 1024 * 1024;
/** A day has a hundred thousand records. */
const mostMessages = 1_000_000;

/**
 * Returns the messages of a FIT file by kind, with its records as series and its heartbeats in one list. Of GPX and TCX,
 * the points as records.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again
 */
export function decodeActivityFile(resource: string, body: Buffer): unknown {
  const files = zippedFiles(resource, body).map(({ bytes }) => bytes);
  const fit = files.find(isFit);
  if (fit !== undefined) return decodedFit(resource, fit);
  const xml = files.find(isXml);
  if (xml !== undefined) return decodedTrack(resource, xml);
  throw unreadable(resource, "neither FIT, GPX nor TCX, nor a ZIP file with one");
}

/** Whether it begins as XML does, in any encoding. */
const isXml = (bytes: Buffer): boolean => /^[^\w<]*</.test(bytes.toString("latin1", 0, 64));

function decodedTrack(resource: string, bytes: Buffer): unknown {
  if (bytes.length > mostBytes) throw unreadable(resource, "too large");
  const { format, records } = trackOf(resource, bytes, mostMessages);
  const { native } = series(resource, records);
  return { track_format: format, ...(native.timestamp !== undefined && { record: native }) };
}

function decodedFit(resource: string, bytes: Buffer): unknown {
  if (bytes.length > mostBytes) throw unreadable(resource, "too large");
  const reading = { unmapped: false, developerApart: true, mostMessages };
  const { record = [], hrv = [], ...messages } = decodeFit(resource, bytes, reading);
  if (messages.file_id === undefined) throw unreadable(resource, "a FIT file without its first message");
  const { native, developer } = series(resource, record as Fields[]);
  const intervals = intervalsOf(hrv as Fields[]);
  return {
    ...messages,
    ...(native.timestamp !== undefined && { record: native }),
    ...(Object.keys(developer).length > 0 && { developer }),
    ...(intervals.length > 0 && { rr_intervals: intervals }),
  };
}

function series(resource: string, records: readonly Fields[]) {
  try {
    return seriesOf(records);
  } catch (cause) {
    throw unreadable(resource, "too many values", cause);
  }
}
