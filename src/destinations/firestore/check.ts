/**
 * Tries what deliveries do, by reads that find nothing and by writes on a condition that cannot hold: permissions
 * are decided first, and nothing is written.
 */
import { randomUUID } from "node:crypto";
import type { DeliveryError, DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { RefusedPermissions } from "../kit/refused-permissions.ts";
import { type Api, permissions, type Write } from "./api.ts";
import { parent } from "./document.ts";

/** @throws DeliveryError */
export async function checkDatabase(api: Api, format: string, signal: AbortSignal): Promise<DeliveryReceipt> {
  const probe = `${parent}/systole_check/${randomUUID()}`;
  const missing = `${probe}-missing`;
  const refused = new RefusedPermissions();
  await refused.permits(() => api.get(probe, signal));
  const query = { parent, collection: "user_events", field: "systole.identity", values: [probe] };
  await refused.permits(() => api.find({ ...query, select: ["systole.identity"] }, signal));
  const update: Write = { path: missing, json: "{}", condition: { exists: true } };
  const create: Write = { path: probe, json: "{}", condition: { exists: false } };
  await refused.permits(() => refuses(api, [update], signal));
  await refused.permits(() => refuses(api, [create, update], signal));
  const { delete: deletion, ...others } = permissions;
  const needed: string[] = Object.values(others);
  if (format === "fhir") {
    await refused.permits(() => refusesDeletion(api, missing, signal));
    needed.push(deletion);
  }
  refused.assertNone();
  return { response: needed.join(", ") };
}

async function refusesDeletion(api: Api, path: string, signal: AbortSignal): Promise<void> {
  if (await api.deletes(path, signal)) throw conditionsIgnored();
}

const conditionsIgnored = (): DeliveryError =>
  failure("DELIVERY_FAILED", "the server does not obey conditions");

/** Proves that the writes are refused: the condition of the last one cannot hold. */
async function refuses(api: Api, writes: readonly Write[], signal: AbortSignal): Promise<void> {
  if (!(await api.commit(writes, signal))) return;
  throw conditionsIgnored();
}
