/**
 * Tries what deliveries need, and writes nothing: the CapabilityStatement says what the server can do, a search and a
 * transaction that only reads say what the credentials may do.
 */
import { randomUUID } from "node:crypto";
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { jsonObject } from "../kit/http.ts";
import { RefusedPermissions } from "../kit/refused-permissions.ts";
import { missingCapabilities } from "./capabilities.ts";
import { refusal } from "./outcome.ts";
import type { FhirServer } from "./server.ts";

/** @throws DeliveryError */
export async function checkServer(server: FhirServer, signal: AbortSignal): Promise<DeliveryReceipt> {
  const software = await checkCapabilities(server, signal);
  const probe = `Observation?_tag=${encodeURIComponent("urn:uuid:")}%7C${randomUUID()}&_count=1`;
  const refused = new RefusedPermissions();
  await refused.permits(async () => {
    const answer = await server.get(probe, signal);
    if (answer.status !== 200) throw refusal(answer, "search").error;
  });
  await refused.permits(async () => {
    const entry = [{ request: { method: "GET", url: probe } }];
    const body = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
    const answer = await server.transact(Buffer.from(body), signal);
    if (answer.status !== 200) throw refusal(answer, "transaction").error;
  });
  refused.assertNone();
  return { status: 200, response: software };
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
