/**
 * Addresses under which we serve an event's body for a while to anyone who holds them: event, expiry and a
 * signature, all in the path. Nothing is stored about them; the event itself is kept for as long as events
 * are.
 */
import type { KeyRing } from "../security/key-ring.ts";

export interface LinkedEvent {
  readonly environmentId: string;
  readonly eventId: string;
}

const context = "payload link";
const idBytes = 16;
const messageBytes = 2 * idBytes + 6;

/** Returns a signed token for an event. @param expiresAt unix milliseconds; kept in whole seconds */
export function payloadToken(
  keyRing: KeyRing,
  { environmentId, eventId }: LinkedEvent,
  expiresAt: number,
): string {
  const expiry = Buffer.alloc(6);
  expiry.writeUIntBE(Math.ceil(expiresAt / 1_000), 0, 6);
  const message = Buffer.concat([uuidBytes(environmentId), uuidBytes(eventId), expiry]);
  return Buffer.concat([message, keyRing.sign(message, context)]).toString("base64url");
}

/** Returns what one of our tokens stands for; null for any other text. */
export function readPayloadToken(
  keyRing: KeyRing,
  token: string,
): (LinkedEvent & { expiresAt: number }) | null {
  const bytes = Buffer.from(token, "base64url");
  const message = bytes.subarray(0, messageBytes);
  if (message.length < messageBytes || !keyRing.verify(message, bytes.subarray(messageBytes), context))
    return null;
  return {
    environmentId: uuidText(message.subarray(0, idBytes)),
    eventId: uuidText(message.subarray(idBytes, 2 * idBytes)),
    expiresAt: message.readUIntBE(2 * idBytes, 6) * 1_000,
  };
}

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");

const uuidText = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
