/**
 * Tries with a probe object what deliveries do. Removing it is tried first, so that the probe is never left behind
 * for lack of a permission.
 */
import { randomUUID } from "node:crypto";
import { DeliveryError, type DeliveryReceipt } from "../../destination.ts";
import { failure } from "../failure.ts";
import { RefusedPermissions } from "../refused-permissions.ts";
import { root } from "./layout.ts";
import type { NewObject, ObjectStore } from "./store.ts";

/** Time for removing the probe, also when the check itself was aborted. */
const removalMs = 5_000;

const notImplemented = 501;
const revision = "1";

/** A probe at a new key, in a folder that a policy can name, without `.json` so that no reader takes it for data. */
function newProbe(prefix: string | undefined): NewObject {
  const key = `${root(prefix)}/systole-check/${randomUUID()}`;
  return {
    key,
    body: Buffer.from("{}"),
    contentType: "application/json",
    encoding: null,
    metadata: { revision },
  };
}

/**
 * Returns whether the store obeys conditions. An unknown store is sent a write that it must refuse, so that nothing
 * has to be removed afterwards; only where it does not refuse, further writes find out.
 * @throws DeliveryError
 */
export async function keepsConditions(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (!store.conditionsUnknown) return true;
  const probe = newProbe(prefix);
  try {
    if ((await store.put(probe, "impossible", signal)) === "conflict") return true;
  } catch (failure) {
    if (failure instanceof DeliveryError && failure.receipt.status === notImplemented) return false;
    throw failure;
  }
  try {
    return await refusesBoth(store, probe, signal);
  } finally {
    await removeAnyway(store, probe.key);
  }
}

/** Some servers obey conditions only where an object exists. */
async function refusesBoth(store: ObjectStore, probe: NewObject, signal: AbortSignal): Promise<boolean> {
  const absent = await store.put(probe, "absent", signal);
  const impossible = await store.put(probe, "impossible", signal);
  return absent === "conflict" && impossible === "conflict";
}

/** Removes the probe also when the caller's time is up. */
const removeAnyway = (store: ObjectStore, key: string): Promise<void> =>
  store.remove(key, AbortSignal.timeout(removalMs)).catch(() => {});

/** @throws DeliveryError */
export async function checkStore(
  store: ObjectStore,
  prefix: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const probe = newProbe(prefix);
  await proveRemoving(store, probe, signal);
  try {
    const conditions = await keepsConditions(store, prefix, signal);
    await prove(store, probe, conditions, signal);
    return { response: conditions ? "conditional writes" : "no conditional writes: see README.md" };
  } finally {
    await removeAnyway(store, probe.key);
  }
}

/**
 * Where the probe may not be removed, a write that cannot succeed tells whether writing is refused too. Reading is not
 * tried: without the permission to list, S3 refuses to say that an object is absent.
 */
async function proveRemoving(store: ObjectStore, probe: NewObject, signal: AbortSignal): Promise<void> {
  const refused = new RefusedPermissions();
  if (await refused.permits(() => store.remove(probe.key, signal))) return;
  if (!store.conditionsUnknown) await refused.permits(() => store.put(probe, "impossible", signal));
  refused.assertNone();
}

async function prove(
  store: ObjectStore,
  probe: NewObject,
  conditions: boolean,
  signal: AbortSignal,
): Promise<void> {
  await store.put(probe, conditions ? "absent" : "always", signal);
  const found = await store.head(probe.key, signal);
  if (found?.metadata.revision !== revision)
    throw failure("DELIVERY_FAILED", "the store does not keep an object's metadata");
  if (!conditions) return;
  if ((await store.put(probe, "absent", signal)) === "written")
    throw failure("DELIVERY_FAILED", "the store overwrote an object");
  const over = await store.put(probe, { over: found.version }, signal);
  if (over === "conflict")
    throw failure("DELIVERY_FAILED", "the store does not accept its own version of an object");
}
