/**
 * Proves what deliveries do, by reads that find nothing and by writes on a condition that cannot hold: whether
 * they are permitted is decided first, and nothing comes of them.
 */
import { randomUUID } from "node:crypto";
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Api, permissions, type Write } from "./api.ts";
import { parent } from "./document.ts";

/** @throws DeliveryError */
export async function checkDatabase(api: Api, signal: AbortSignal): Promise<DeliveryReceipt> {
  const probe = `${parent}/systole_check/${randomUUID()}`;
  const missing = `${probe}-missing`;
  await api.get(probe, signal);
  const query = { parent, collection: "user_events", field: "systole.identity", values: [probe] };
  await api.find({ ...query, select: ["systole.identity"] }, signal);
  const update: Write = { path: missing, json: "{}", condition: { exists: true } };
  const create: Write = { path: probe, json: "{}", condition: { exists: false } };
  await refuses(api, [update], signal);
  await refuses(api, [create, update], signal);
  return { response: Object.values(permissions).join(", ") };
}

/** Of the writes the last must fail, and the others with it. */
async function refuses(api: Api, writes: readonly Write[], signal: AbortSignal): Promise<void> {
  if (!(await api.commit(writes, signal))) return;
  throw failure("DELIVERY_FAILED", "the server does not look at conditions");
}
