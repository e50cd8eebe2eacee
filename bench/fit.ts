/** Writing an hour at 1 Hz as a FIT file. The floor writes the same record as JSON. */
import type { ExportableRecord } from "../src/export/contract.ts";
import { fit } from "../src/export/fit/index.ts";
import { normalize, timed } from "./normalize.ts";
import type { Bench } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";

const rounds = 21;
const warmUps = 20;
const repetitions = 5;
const settings = { fhirBase: "https://example.com/fhir", birthDate: false };

export async function benchFit({ progress }: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const withRoute of [false, true]) {
    const what = withRoute ? "the same with a route" : "1 h at 1 Hz, 7 series";
    progress(what);
    results.push(await benchHour(hourOfRunning(1, { withRoute }), what));
  }
  return results;
}

async function benchHour(raw: string, what: string): Promise<Result> {
  const data = normalize(raw);
  const person = { userId: "bench", referenceId: null, provider: "POLAR" };
  const record = { ...person, type: "activity", naturalKey: "1", revision: 1, data } as ExportableRecord;
  const ours = () => fit.write(record, settings)?.bytes;
  const floor = () => JSON.stringify(data);
  timed(ours, warmUps);
  timed(floor, warmUps);
  const turns = await takeTurns(
    rounds,
    () => timed(ours, repetitions),
    () => timed(floor, repetitions),
  );
  return {
    benchmark: "fit",
    what,
    unit: "ms",
    ...compare(turns, "lower"),
    against: "JSON.stringify of the same record",
  };
}
