/** The files in a body that may be a ZIP file. */
import { isZip, unzip, type ZipError, type ZippedFile } from "../../../zip/unzip.ts";
import { unpack, unreadable } from "./unpack.ts";

const megabyte = 1024 * 1024;

/** A recording's ZIP has one file. A FIT file shrinks to a third, XML to a tenth. */
const limits = { entries: 16, unpackedBytes: 64 * megabyte, ratio: 200 };

/**
 * Returns the files of a ZIP file; any other body is the only file itself, unpacked where it is compressed with gzip.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again
 */
export function zippedFiles(resource: string, body: Buffer): ZippedFile[] {
  if (!isZip(body)) return [{ name: "", bytes: unpack(resource, body) }];
  try {
    return unzip(body, limits);
  } catch (error) {
    throw unreadable(resource, (error as ZipError).message, error);
  }
}
