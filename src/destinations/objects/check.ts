/**
 * Proves with a probe object what deliveries do. That the probe can be taken away is proved first, so that it
 * is never left behind for want of a permission.
 */
import { randomUUID } from "node:crypto";
import { DeliveryError, type DeliveryReceipt } from "../destination.ts";
import { root } from "./layout.ts";
import type { NewObject, ObjectStore } from "./store.ts";

/** How long the probe's removal may take, also when the check itself was cut short. */
const removalMs = 5_000;

const notImplemented = 501;
const revision = "1";

/** At a key nothing has, in a folder that a policy can name. Without `.json`, so that no reader takes it for data. */
function newProbe(prefix: string | undefined): NewObject {
  const key = `${root(prefix)}/systole-check/${randomUUID()}`;
  return { key, body: Buffer.from("{}"), encoding: null, metadata: { revision } };
}

/**
 * Whether the store looks at conditions. One that is not known is tried with a probe; where the probe could not
 * be taken away the store is trusted. @throws DeliveryError
 */
export async function keepsConditions(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (!store.conditionsUnknown) return true;
  const probe = newProbe(prefix);
  if (!(await mayRemove(store, probe.key, signal))) return true;
  try {
    return await refusesBoth(store, probe, signal);
  } catch (failure) {
    if (failure instanceof DeliveryError && failure.receipt.status === notImplemented) return false;
    throw failure;
  } finally {
    await removeAnyway(store, probe.key);
  }
}

const mayRemove = (store: ObjectStore, key: string, signal: AbortSignal): Promise<boolean> =>
  store.remove(key, signal).then(
    () => true,
    (failure: unknown) => {
      if (failure instanceof DeliveryError && failure.code === "DESTINATION_PERMISSION_MISSING") return false;
      throw failure;
    },
  );

/** Also when the caller's time is up. */
const removeAnyway = (store: ObjectStore, key: string): Promise<void> =>
  store.remove(key, AbortSignal.timeout(removalMs)).catch(() => {});

async function refusesBoth(store: ObjectStore, probe: NewObject, signal: AbortSignal): Promise<boolean> {
  await store.put(probe, "always", signal);
  const absent = await store.put(probe, "absent", signal);
  const impossible = await store.put(probe, "impossible", signal);
  return absent === "conflict" && impossible === "conflict";
}

/** @throws DeliveryError */
export async function checkStore(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const probe = newProbe(prefix);
  await store.remove(probe.key, signal);
  try {
    const conditions = await keepsConditions(store, prefix, signal);
    await prove(store, probe, conditions, signal);
    return { response: conditions ? "conditional writes" : "no conditional writes: see README.md" };
  } finally {
    await removeAnyway(store, probe.key);
  }
}

async function prove(
  store: ObjectStore,
  probe: NewObject,
  conditions: boolean,
  signal: AbortSignal,
): Promise<void> {
  await store.put(probe, conditions ? "absent" : "always", signal);
  const found = await store.head(probe.key, signal);
  if (found?.metadata.revision !== revision) throw useless("the store does not keep an object's metadata");
  if (!conditions) return;
  if ((await store.put(probe, "absent", signal)) === "written")
    throw useless("the store overwrote an object");
  const over = await store.put(probe, { over: found.version }, signal);
  if (over === "conflict") throw useless("the store does not know its own version of an object");
}

const useless = (reason: string): DeliveryError =>
  new DeliveryError("DELIVERY_FAILED", "later", {}, { reason });
