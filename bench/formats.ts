/**
 * An hour at 1 Hz as a Bundle of FHIR: from the record to the bytes of the transaction. The floor writes the same record
 * as the JSON that it is, which every export does at the least.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ExportableRecord } from "../src/export/contract.ts";
import fhir from "../src/export/fhir/index.ts";
import { providerBySlug } from "../src/providers/registry.ts";
import type { Bench } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";

const rounds = 21;
const warmUps = 20;
const repetitions = 5;
const settings = { fhirBase: "https://systole.example/fhir", birthDate: false };

export async function benchFhir({ progress }: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const withRoute of [false, true]) {
    const what = withRoute ? "the same with a route" : "1 h at 1 Hz, 7 series → Bundle";
    progress(what);
    results.push(await benchHour(recordOf(hourOfRunning(1, { withRoute })), what));
  }
  return results;
}

async function benchHour(record: ExportableRecord, what: string): Promise<Result> {
  const ours = () => fhir.write(record, settings)?.bytes;
  const floor = () => JSON.stringify(record.data);
  timed(ours, warmUps);
  timed(floor, warmUps);
  const turns = await takeTurns(
    rounds,
    () => timed(ours, repetitions),
    () => timed(floor, repetitions),
  );
  return {
    benchmark: "fhir",
    what,
    unit: "ms",
    ...compare(turns, "lower"),
    against: "JSON.stringify of the same record",
  };
}

/** @throws when the body makes no record */
function recordOf(raw: string): ExportableRecord {
  const polar = providerBySlug("polar");
  const exercise = polar?.resources.find(({ name }) => name === "exercise");
  const [part] = exercise?.parts("", JSON.parse(raw)) ?? [];
  const normalizer = polar?.normalizers.find(({ type }) => type === "activity");
  const data = part && normalizer?.normalize([part], part.key);
  if (!data) throw new Error("The hour made no record");
  const person = { userId: "40f7", referenceId: null, provider: "POLAR" };
  return { ...person, type: "activity", naturalKey: "hour", revision: 1, data } as ExportableRecord;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Returns milliseconds per run; garbage of earlier runs is collected before. */
function timed(run: () => unknown, times: number): number {
  const kept: unknown[] = [];
  collectGarbage();
  const began = performance.now();
  for (let time = 0; time < times; time++) kept.push(run());
  const elapsed = performance.now() - began;
  if (kept.includes(undefined)) throw new Error("Nothing was made");
  return elapsed / times;
}
