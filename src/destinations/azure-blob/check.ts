/**
 * Proves what a SAS allows without writing anything, so that it need not allow deleting: each request is for a
 * blob that does not exist, and Azure checks the permission before it looks for the blob.
 */
import { randomUUID } from "node:crypto";
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { root } from "../kit/objects/layout.ts";
import type { ObjectStore } from "../kit/objects/store.ts";
import { refusal } from "./answer.ts";
import type { Sas } from "./sas.ts";
import type { Ask } from "./store.ts";

export interface Checked {
  readonly store: Pick<ObjectStore, "put" | "head">;
  readonly ask: Ask;
  readonly sas: Sas;
  readonly prefix: string | undefined;
}

/** @throws DeliveryError */
export async function checkSas(
  { store, ask, sas, prefix }: Checked,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const key = `${root(prefix)}/systole-check/${randomUUID()}`;
  const contentType = "application/json";
  const probe = { key, body: Buffer.from("{}"), contentType, encoding: null, metadata: {} };
  // Proves the container, the signature, and that conditions are obeyed.
  const put = await store.put(probe, "impossible", signal);
  if (put === "written")
    throw failure("DELIVERY_FAILED", "the server wrote on a condition that does not hold");
  // `c` alone suffices for a new blob but not for replacing one; changing metadata needs the same as replacing.
  const change = await ask(key, { method: "PUT", component: "metadata" }, signal);
  if (change.status !== 404) throw refusal(change, "w (write)", sas);
  if ((await store.head(key, signal)) !== null)
    throw failure("DELIVERY_FAILED", "the server has a blob that was never written");
  return { response: "conditional writes" };
}
