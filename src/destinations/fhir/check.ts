/**
 * Tries what deliveries need, and leaves nothing behind. The CapabilityStatement says what the server can do. What the
 * credentials may do is tried: by searches, and by transactions that fail for another reason when they are permitted.
 */
import { randomUUID } from "node:crypto";
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Answer, jsonObject } from "../kit/http.ts";
import { RefusedPermissions } from "../kit/refused-permissions.ts";
import { missingCapabilities } from "./capabilities.ts";
import { type Doing, refusal } from "./outcome.ts";
import { probes, type WriteProbe } from "./probes.ts";
import type { FhirServer } from "./server.ts";

const searched = ["Observation", "Patient"] as const;

/** @throws DeliveryError */
export async function checkServer(server: FhirServer, signal: AbortSignal): Promise<DeliveryReceipt> {
  const software = await checkCapabilities(server, signal);
  const refused = new RefusedPermissions();
  for (const type of searched) {
    await refused.permits(async () => {
      const answer = await server.get(`${type}?identifier=urn:uuid:%7C${randomUUID()}&_count=1`, signal);
      if (answer.status !== 200) throw refusedAs(answer, "search", `search ${type}`);
    });
  }
  await tryWrites(server, refused, signal);
  refused.assertNone();
  return { status: 200, response: software };
}

/** One transaction where all is permitted; else one for each permission, to tell them apart. */
async function tryWrites(
  server: FhirServer,
  refused: RefusedPermissions,
  signal: AbortSignal,
): Promise<void> {
  const all = probes();
  if (await new RefusedPermissions().permits(() => tryWrite(server, all, "write", signal))) return;
  const permitted: boolean[] = [];
  for (const probe of all) {
    permitted.push(await refused.permits(() => tryWrite(server, [probe], probe.permission, signal)));
  }
  if (permitted.every(Boolean))
    await refused.permits(() => tryWrite(server, probes(), "transaction", signal));
}

/** The transaction fails by its references, after the server found that it is permitted. @throws DeliveryError */
async function tryWrite(
  server: FhirServer,
  some: readonly WriteProbe[],
  permission: string,
  signal: AbortSignal,
): Promise<void> {
  const entry = some.map(({ entry }) => entry);
  const bundle = Buffer.from(JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }));
  const answer = await server.transact(bundle, signal);
  if (answer.status >= 200 && answer.status < 300) return takeBack(server, answer, signal);
  const { of, error } = refusedOf(answer, "transaction", permission);
  // A write that is permitted is refused for its reference, in these records alone.
  if (of === "all") throw error;
}

/** A server that takes references to what is not there has kept the resources. @throws DeliveryError */
async function takeBack(server: FhirServer, answer: Answer, signal: AbortSignal): Promise<void> {
  const { entry } = jsonObject(answer.text) as { entry?: readonly { response?: { location?: string } }[] };
  const made = (entry ?? []).flatMap(({ response }) => {
    const [place] = /(Observation|Patient|Device)\/[A-Za-z0-9.-]+/.exec(response?.location ?? "") ?? [];
    return place === undefined ? [] : [place];
  });
  for (const place of made) {
    const deletion = [{ request: { method: "DELETE", url: place } }];
    const bundle = { resourceType: "Bundle", type: "transaction", entry: deletion };
    const { status } = await server.transact(Buffer.from(JSON.stringify(bundle)), signal);
    if (status < 200 || status >= 300) {
      throw failure("DESTINATION_PERMISSION_MISSING", `delete ${place}, which this test made`, { status });
    }
  }
}

const refusedAs = (answer: Answer, doing: Doing, permission: string) =>
  refusedOf(answer, doing, permission).error;

/** A refused permission is named first, and in words of ours. */
function refusedOf(answer: Answer, doing: Doing, permission: string) {
  const { of, error } = refusal(answer, doing);
  if (error.code !== "DESTINATION_PERMISSION_MISSING") return { of, error };
  const { status, text } = answer;
  const named = failure("DESTINATION_PERMISSION_MISSING", permission, { cause: error, status, text });
  return { of, error: named };
}

/** Returns the server's software. @throws DeliveryError DESTINATION_INCAPABLE naming all that is missing */
async function checkCapabilities(server: FhirServer, signal: AbortSignal): Promise<string> {
  const answer = await server.get("metadata", signal);
  const statement = jsonObject(answer.text);
  if (answer.status !== 200) throw refusal(answer, "metadata").error;
  if (statement.resourceType !== "CapabilityStatement") {
    throw failure("DESTINATION_TARGET_MISSING", "metadata is no CapabilityStatement in JSON", answer);
  }
  const { missing, software } = missingCapabilities(statement);
  if (missing.length > 0)
    throw failure("DESTINATION_INCAPABLE", missing.join("; "), { status: answer.status });
  return software;
}
