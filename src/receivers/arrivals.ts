/** Takes a request to a built-in receiver: verifies the signature as a client would, and keeps the request. */
import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type RotatingSecret, secretsInForce } from "../destinations/rotation.ts";
import { isSecretHeader } from "../security/secret-headers.ts";
import { mask } from "../security/url-masking.ts";
import { type DestinationSettings, findDestination } from "../store/destinations.ts";
import { isUuid } from "../store/identifiers.ts";
import { type ArrivedRequest, keepRequest, type Receiver } from "../store/receivers.ts";
import type { Store } from "../store/store.ts";
import { type Verdict, verifyTerraSignature } from "./terra-signature.ts";

/** The largest event has 10 MB. */
export const largestBody = 16 * 1024 * 1024;
const longestText = 200;

export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  /** The bytes as sent, perhaps compressed. */
  readonly body: Buffer;
}

/** Keeps the request, and returns whether it is genuine. */
export async function receive(
  { db, keyRing }: Store,
  { environment_id: environmentId, receiver_id: receiverId, destination_id: destinationId }: Receiver,
  arrival: Arrival,
): Promise<Verdict> {
  const destination = await findDestination(db, keyRing, { environmentId, destinationId });
  const settings = destination?.settings ?? {};
  const body = await decompressed(arrival);
  const signature = textOf(arrival.headers["terra-signature"]);
  const secrets = typeof settings.secret === "string" ? secretsOf(settings) : [];
  const verdict = verifyTerraSignature({ signature, body }, secrets, new Date());
  const request = { headers: shownHeaders(arrival.headers, settings), body, verdict, ...namedIn(body) };
  await db.transaction().execute((tx) => keepRequest(tx, { environmentId, receiverId }, request));
  return verdict;
}

/** Stored settings were valid when they were stored. */
const secretsOf = (settings: DestinationSettings): string[] =>
  secretsInForce(settings as unknown as RotatingSecret, new Date());

/** Signatures are of the body before compression. A body that is no gzip after all is kept as it came. */
async function decompressed({ headers, body }: Arrival): Promise<Buffer> {
  if (headers["content-encoding"] !== "gzip") return body;
  return promisify(gunzip)(body, { maxOutputLength: largestBody }).catch(() => body);
}

/**
 * Headers that the destination adds to its requests are secrets, and are never shown; nor are those whose names say so:
 * a request sent with former settings, or one that a proxy completed, has others.
 */
function shownHeaders(headers: IncomingHttpHeaders, settings: DestinationSettings): Record<string, string> {
  const added = new Set(Object.keys(Object(settings.headers)).map((name) => name.toLowerCase()));
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === null ? [] : [[name, added.has(name) || isSecretHeader(name) ? mask : text] as const];
  });
  return Object.fromEntries(entries);
}

const textOf = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : [value].flat().join(", ");

/** Returns what a body says it is about. Anybody who knows the address may post anything. */
function namedIn(body: Buffer): Pick<ArrivedRequest, "type" | "user_id" | "reference_id"> {
  const fields = objectIn(body);
  const user = Object(fields.user) as { readonly user_id?: unknown; readonly reference_id?: unknown };
  return {
    type: shortText(fields.type),
    user_id: typeof user.user_id === "string" && isUuid(user.user_id) ? user.user_id : null,
    reference_id: shortText(user.reference_id ?? fields.reference_id),
  };
}

function objectIn(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString("utf8"))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** PostgreSQL's text has no NUL. */
const shortText = (value: unknown): string | null =>
  typeof value === "string" ? value.replaceAll("\0", "").slice(0, longestText) : null;
