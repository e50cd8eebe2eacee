/**
 * Reads an export in two passes. The first goes through the file once and sorts its items by UTC day on disk; the second
 * yields the days, the newest first, so that today's steps are there while ten years are still being stored.
 */
import type { FileReading, Part } from "../../../provider.ts";
import { ProviderError } from "../../../provider.ts";
import { growingCharacteristics } from "../../healthkit/growing-parts.ts";
import { Collector } from "./collect.ts";
import { readEcg } from "./elements/ecg.ts";
import { type ExportFiles, openExport, type SideFile } from "./find-files.ts";
import { Routes } from "./spool/routes.ts";
import { daysIn, finishedSpool, rowsOf, Spool, type SpoolSummary } from "./spool/spool.ts";
import { exportFormat, partsOfDay } from "./statements.ts";
import { stoppedReading } from "./stopped.ts";
import { ElementReader } from "./xml/element.ts";

/**
 * Yields the parts of an export, one UTC day at a time; the first batch has the person's characteristics, the last what
 * was not understood.
 *
 * @throws ProviderError UPLOAD_…, after all that was read before the fault
 */
export async function* readExport(file: string, reading: FileReading): AsyncGenerator<readonly Part[]> {
  const { directory } = reading;
  const summary = finishedSpool(directory) ?? (await spoolExport(file, reading));
  const { me, stopped, unread } = summary;
  if (me !== null) yield [meOf(me)];
  for (const day of await daysIn(directory)) {
    for await (const rows of rowsOf(directory, day)) yield partsOfDay(day, rows, summary);
  }
  yield [{ resource: exportFormat, key: unreadKey, value: unread }];
  if (stopped !== null) throw stoppedReading(stopped.code, stopped.details);
}

const unreadKey = "unread";

const meOf = (me: NonNullable<SpoolSummary["me"]>): Part => ({
  resource: "characteristics",
  key: "me",
  value: { format: exportFormat, samples: [growingCharacteristics(me)] },
});

/** Reads the whole file into a spool. An error of the file is part of the summary; what came before it stays. */
async function spoolExport(file: string, reading: FileReading): Promise<SpoolSummary> {
  const spool = Spool.begin(reading.directory);
  const routes = new Routes(reading.directory);
  const collector = new Collector(spool, routes);
  const stopped = await readFiles(file, { collector, routes, reading }).then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof ProviderError)) throw error;
      return { code: error.code, details: error.details };
    },
  );
  collector.unread.count("files", "route without a workout", routes.unused);
  const summary = {
    exportedMs: stopped === null ? collector.exportedMs : null,
    me: collector.me,
    tables: collector.tables,
    unread: collector.unread.leaves(),
    records: collector.records,
    stopped,
  };
  spool.finish(summary);
  return summary;
}

interface Target {
  readonly collector: Collector;
  readonly routes: Routes;
  readonly reading: FileReading;
}

async function readFiles(file: string, target: Target): Promise<void> {
  const files = await openExport(file);
  const { unread } = target.collector;
  try {
    for (const [extension, count] of files.others) unread.count("files", extension, count);
    // Before the workouts, which take their routes up.
    for (const route of files.routes) await attempt(target, route, () => target.routes.add(route));
    for (const ecg of files.ecgs) await attempt(target, ecg, () => addEcg(target.collector, ecg));
    await readMain(files, target);
  } finally {
    files.close();
  }
}

/** A route or an ECG that is damaged is counted; the rest of the export is read. */
async function attempt({ collector }: Target, { name }: SideFile, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    collector.unread.count("damaged_files", name);
  }
}

async function addEcg(collector: Collector, { name, read }: SideFile): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of read()) chunks.push(chunk);
  const item = readEcg(Buffer.concat(chunks).toString("utf8"));
  if (item === null) collector.unread.count("damaged_files", name);
  else collector.add({ kind: "ecgs", item }, item.startMs);
}

async function readMain(files: ExportFiles, { collector, reading }: Target): Promise<void> {
  const reader = new ElementReader("HealthData", (element) => collector.take(element));
  let bytes = 0;
  try {
    for await (const chunk of files.main()) {
      reader.parser.write(chunk);
      bytes += chunk.length;
      reading.progress({ bytes, ofBytes: files.bytes, records: collector.records });
    }
    reader.parser.end();
  } catch (error) {
    throw error instanceof ProviderError ? withPlace(error, reader) : error;
  } finally {
    collector.unread.count("faults", "xml", reader.parser.faults);
    collector.unread.count("faults", "too_many_descendants", reader.leftOut);
  }
}

/** Adds the place where reading stopped to an error of the zip file. */
const withPlace = ({ code, details }: ProviderError, { parser }: ElementReader): ProviderError =>
  stoppedReading(code, { ...parser.place, ...details });
