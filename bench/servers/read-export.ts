/**
 * Reads one export, says how long that took and how much memory, and ends: `node read-export.ts <file> <side>`. The sides:
 * `import` does what an import does without its database, from the file to the folded parts; `elements` unpacks the XML and
 * gives it to a bare parser that counts elements.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { SaxesParser } from "saxes";
import { Batches } from "../../src/ingest/files/batches.ts";
import { foldPart } from "../../src/ingest/growing/fold-part.ts";
import { openExport } from "../../src/providers/apple/formats/export/find-files.ts";
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
  const decoder = new TextDecoder();
  for await (const chunk of files.main()) parser.write(decoder.decode(chunk, { stream: true }));
  parser.close();
  return elements;
}

const files = await openExport(file);
const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
const count = side === "import" ? await importFile() : await countElements();
const { user, system } = process.cpuUsage(cpuFrom);
const [seconds, cpuSeconds] = [(performance.now() - from) / 1_000, (user + system) / 1_000_000];
const peakBytes = process.resourceUsage().maxRSS * 1_024;
process.send?.({ seconds, cpuSeconds, count, bytes: files.bytes, peakBytes });
files.close();
process.disconnect();
