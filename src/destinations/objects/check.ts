/**
 * Proves with a probe object what deliveries do. That the probe can be taken away is proved first, so that it
 * is never left behind for want of a permission.
 */
import { randomUUID } from "node:crypto";
import { DeliveryError, type DeliveryReceipt } from "../destination.ts";
import { root } from "./layout.ts";
import type { NewObject, ObjectStore } from "./store.ts";

/** How long the probe's removal may take when the check itself was cut short. */
const removalMs = 5_000;

/** A key nothing has, in a folder that a policy can name. Without `.json`, so that no reader takes it for data. */
export const probeKey = (prefix: string | undefined): string =>
  `${root(prefix)}/systole-check/${randomUUID()}`;

export async function keepsConditions(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  return store.keepsConditions === undefined || store.keepsConditions(probeKey(prefix), signal);
}

/** @throws DeliveryError */
export async function checkStore(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const key = probeKey(prefix);
  await store.remove(key, signal);
  const conditions = await keepsConditions(store, prefix, signal);
  try {
    await prove(store, key, conditions, signal);
  } catch (failure) {
    await store.remove(key, AbortSignal.timeout(removalMs)).catch(() => {});
    throw failure;
  }
  await store.remove(key, signal);
  return { response: conditions ? "conditional writes" : "no conditional writes: see README.md" };
}

async function prove(
  store: ObjectStore,
  key: string,
  conditions: boolean,
  signal: AbortSignal,
): Promise<void> {
  const revision = "1";
  const probe: NewObject = { key, body: Buffer.from("{}"), encoding: null, metadata: { revision } };
  await store.put(probe, conditions ? "absent" : "always", signal);
  const found = await store.head(key, signal);
  if (found?.metadata.revision !== revision) throw useless("the store does not keep an object's metadata");
  if (!conditions) return;
  if ((await store.put(probe, "absent", signal)) === "written")
    throw useless("the store overwrote an object");
  const over = await store.put(probe, { over: found.version }, signal);
  if (over === "conflict") throw useless("the store does not know its own version of an object");
}

const useless = (reason: string): DeliveryError =>
  new DeliveryError("DELIVERY_FAILED", "later", {}, { reason });
