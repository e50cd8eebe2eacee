/**
 * Reads one export, says how long that took and how much memory, and ends: `node read-export.ts <file> <side>`. The sides:
 * `import` does what an import does without its database, from the file to the folded parts; `elements` is a bare parser
 * that counts elements.
 */
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { SaxesParser } from "saxes";
import { Batches } from "../../src/ingest/files/batches.ts";
import { foldPart } from "../../src/ingest/growing/fold-part.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import { findResource } from "../../src/providers/resource-of.ts";

const [, , file = "", side = ""] = process.argv;
const provider = providerBySlug("apple");

async function importFile(): Promise<number> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bench-"));
  const resource = findResource(provider, "export");
  let records = 0;
  const progress = (at: { readonly records: number }) => {
    records = at.records;
  };
  const batches = new Batches(provider, 0);
  for await (const parts of resource?.partsOfFile?.("", file, { directory, progress }) ?? []) {
    fold(batches.add(parts));
  }
  fold(batches.rest());
  await rm(directory, { recursive: true });
  return records;
}

function fold(batch: ReturnType<Batches["rest"]>): void {
  for (const part of batch?.statements ?? []) {
    foldPart(provider, { order: 1, rawPayloadId: "" }, { ...part, before: null, deletedAnywhere: [] });
  }
}

async function countElements(): Promise<number> {
  let elements = 0;
  const parser = new SaxesParser<{ xmlns: false }>();
  parser.on("opentag", () => {
    elements += 1;
  });
  for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 256 * 1024 })) {
    parser.write(chunk as string);
  }
  parser.close();
  return elements;
}

const from = performance.now();
const count = side === "import" ? await importFile() : await countElements();
const seconds = (performance.now() - from) / 1_000;
const { size: bytes } = await stat(file);
process.send?.({ seconds, count, bytes, peakBytes: process.resourceUsage().maxRSS * 1_024 });
process.disconnect();
