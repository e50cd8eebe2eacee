/**
 * An hour at 1 Hz in another format than Terra's: from the record to the bytes that a destination gets, FHIR's Bundle or a
 * FIT file. The floor writes the same record as the JSON that it is, which every export does at the least.
 */
import type { ExportableRecord, RecordFormat } from "../src/export/contract.ts";
import fhir from "../src/export/fhir/index.ts";
import { fit } from "../src/export/fit/index.ts";
import { normalize, timed } from "./normalize.ts";
import type { Bench, Benchmark } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";

const rounds = 21;
const warmUps = 20;
const repetitions = 5;
const settings = { fhirBase: "https://systole.example/fhir", birthDate: false };
const person = { userId: "40f7", referenceId: null, provider: "POLAR" };

export const benchFhir: Benchmark = (bench) => benchFormat(fhir, "1 h at 1 Hz, 7 series → Bundle", bench);
export const benchFit: Benchmark = (bench) => benchFormat(fit, "1 h at 1 Hz, 7 series", bench);

async function benchFormat(format: RecordFormat, first: string, { progress }: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const withRoute of [false, true]) {
    const what = withRoute ? "the same with a route" : first;
    progress(what);
    results.push(await benchHour(format, hourOfRunning(1, { withRoute }), what));
  }
  return results;
}

async function benchHour(format: RecordFormat, raw: string, what: string): Promise<Result> {
  const data = normalize(raw);
  const record = { ...person, type: "activity", naturalKey: "hour", revision: 1, data } as ExportableRecord;
  const ours = () => format.write(record, settings)?.bytes;
  const floor = () => JSON.stringify(data);
  timed(ours, warmUps);
  timed(floor, warmUps);
  const turns = await takeTurns(
    rounds,
    () => timed(ours, repetitions),
    () => timed(floor, repetitions),
  );
  return {
    benchmark: format.name,
    what,
    unit: "ms",
    ...compare(turns, "lower"),
    against: "JSON.stringify of the same record",
  };
}
