/** The bodies of Health Auto Export, kept as they came. */
import { decodeJson } from "../../../kit/json-body.ts";
import type { Resource } from "../../../provider.ts";
import { bodyFields } from "../fields.ts";
import { Unread } from "../unread.ts";
import { BodyReader, formatName } from "./body.ts";
import { healthAutoExportLedger } from "./leaves.ts";

export const healthAutoExport: Resource = {
  name: formatName,
  ledger: healthAutoExportLedger,
  discovery: null,
  decode: (body) => decodeJson(formatName, body),
  parts(key, body) {
    const unread = new Unread();
    const statements = new BodyReader(key, unread).read(bodyFields(formatName, key, body));
    return [...statements.parts(), unread.part(formatName, healthAutoExportLedger, body)];
  },
};
