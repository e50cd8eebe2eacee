/**
 * Tries what deliveries do, with an object and rows of its own. A missing bucket is made for the check and removed
 * afterwards.
 */
import { DeliveryError, type DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import type { Bucket } from "./bucket.ts";
import type { SupabaseSettings } from "./settings.ts";
import type { Tables } from "./tables.ts";

/** Always the same name, so that at most one probe is left where it may not be deleted. */
const probe = "systole-check.json";
const content = Buffer.from("{}");
/** Time for removing the probe when the check itself was aborted. */
const removalMs = 5_000;

export async function checkProject(
  settings: SupabaseSettings,
  bucket: Bucket,
  tables: Tables,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  assertMayWrite(settings);
  const lacking = await tables.check(signal);
  if (lacking.length > 0) throw missing(lacking.join("; "));
  const isPublic = await checkBucket(settings, bucket, signal);
  return isPublic ? { response: "The bucket is public: whoever knows an object's name can read it." } : {};
}

/** Refuses the public keys, given by mistake. What other keys may do shows in the requests. */
function assertMayWrite({ service_role_key, role_token }: SupabaseSettings): void {
  const key = role_token ?? service_role_key;
  const role = key.startsWith("sb_publishable_") ? "anon" : roleOf(key);
  if (role === "anon" || role === "authenticated") {
    throw missing(`service_role: the key is that of the role ${role}`);
  }
}

/** The role in a token, unverified: the server decides whether it is genuine. */
function roleOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).role;
  } catch {
    return null;
  }
}

/** Returns whether the bucket is public. */
async function checkBucket(
  { bucket: name }: SupabaseSettings,
  bucket: Bucket,
  signal: AbortSignal,
): Promise<boolean> {
  const facts = await bucket.facts(signal);
  const made = facts === null && (await makeUnlessHidden(name, bucket, signal));
  try {
    await checkObjects(bucket, signal);
  } finally {
    if (made) await bucket.drop(AbortSignal.timeout(removalMs)).catch(() => {});
  }
  if (facts === null && !made) throw missing(`SELECT on storage.buckets: the bucket ${name} is hidden`);
  return facts?.isPublic ?? false;
}

/** Returns false for a bucket that exists and is hidden from us, which the first object shows. */
async function makeUnlessHidden(name: string, bucket: Bucket, signal: AbortSignal): Promise<boolean> {
  try {
    return await bucket.create(signal);
  } catch (denied) {
    try {
      await bucket.add(probe, content, signal);
      return false;
    } catch (error) {
      const absent = error instanceof DeliveryError && error.code === "DESTINATION_TARGET_MISSING";
      if (!absent || !(denied instanceof DeliveryError)) throw denied;
      const { receipt, details } = denied;
      const reason = `${details.reason}; the bucket ${name} is missing`;
      throw new DeliveryError("DESTINATION_PERMISSION_MISSING", "later", receipt, { reason });
    }
  }
}

async function checkObjects(bucket: Bucket, signal: AbortSignal): Promise<void> {
  try {
    await bucket.add(probe, content, signal);
    if (!(await bucket.has(probe, signal))) throw missing("SELECT on storage.objects");
    await bucket.put(probe, content, signal).catch((error: unknown) => {
      throw isDenied(error) ? missing("UPDATE on storage.objects") : error;
    });
    await bucket.remove([probe], signal);
    if (await bucket.has(probe, signal)) throw missing("DELETE on storage.objects");
  } catch (failure) {
    await bucket.remove([probe], AbortSignal.timeout(removalMs)).catch(() => {});
    throw failure;
  }
}

const isDenied = (error: unknown): boolean =>
  error instanceof DeliveryError && error.code === "DESTINATION_PERMISSION_MISSING";

const missing = (reason: string): DeliveryError => failure("DESTINATION_PERMISSION_MISSING", reason);
