/** The worker thread: does one task after the other, with the code that reads small bodies in the main thread. */
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { zstdDecompressSync } from "node:zlib";
import { ProviderError } from "../../providers/provider.ts";
import { providerBySlug } from "../../providers/registry.ts";
import { findResource } from "../../providers/resource-of.ts";
import { lowerPriority } from "../../threads/low-priority.ts";
import { foldPart, recordsOf } from "../growing/fold-part.ts";
import { checkFile } from "../receiving/check-file.ts";
import { type BodyFile, type ParsingAnswer, type ParsingTask, sentError, sentSplit } from "./messages.ts";
import { normalizedText } from "./normalized-text.ts";
import { splitBody } from "./split.ts";

lowerPriority();
parentPort?.on("message", async (task: ParsingTask) => parentPort?.postMessage(await answerTo(task)));

async function answerTo(task: ParsingTask): Promise<ParsingAnswer> {
  try {
    return { ok: true, value: await work(task) };
  } catch (error) {
    const sent = error instanceof ProviderError ? sentError(error) : null;
    return { ok: false, error: sent, reason: String(error) };
  }
}

function work(task: ParsingTask): unknown {
  if (task.kind === "check") return checkFile(task);
  const provider = providerBySlug(task.provider);
  if (task.kind === "normalize") {
    const normalizer = provider.normalizers[task.normalizer];
    return normalizer === undefined ? null : normalizedText(normalizer, task.parts, task.naturalKey);
  }
  if (task.kind === "grow") return task.inputs.map((input) => foldPart(provider, task.arrival, input));
  if (task.kind === "affect") return recordsOf(provider, task.parts);
  const resource = findResource(provider, task.resource);
  if (resource === undefined) throw new Error(`no resource ${task.resource}`);
  return sentSplit(splitBody(resource, task, bytesOf(task.body), provider));
}

function bytesOf(body: Uint8Array | BodyFile): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const stored = readFileSync(body.file);
  return body.isPacked ? zstdDecompressSync(stored) : stored;
}
