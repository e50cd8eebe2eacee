/**
 * Normalising an hour at 1 Hz: from the text Polar sent to the bytes of the record, through the provider's own
 * declaration. The floor parses the same text and writes the same result, and nothing in between.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { normalizedText } from "../src/ingest/parsing/normalized-text.ts";
import { wholeJson } from "../src/ingest/record-text.ts";
import { providerBySlug } from "../src/providers/registry.ts";
import type { Bench } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";

const rounds = 21;
const warmUps = 20;
const repetitions = 5;

export async function benchNormalize({ progress }: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const withRoute of [false, true]) {
    const what = withRoute ? "the same with a route" : "1 h at 1 Hz, 7 series";
    progress(what);
    results.push(await benchHour(hourOfRunning(1, { withRoute }), what, withRoute ? {} : { aim: 1 }));
  }
  return results;
}

async function benchHour(raw: string, what: string, aimed: Pick<Result, "aim">): Promise<Result> {
  const record = normalize(raw);
  const ours = () => normalized(raw);
  const floor = () => {
    JSON.parse(raw);
    return JSON.stringify(record);
  };
  timed(ours, warmUps);
  timed(floor, warmUps);
  const turns = await takeTurns(
    rounds,
    () => timed(ours, repetitions),
    () => timed(floor, repetitions),
  );
  return {
    benchmark: "normalize",
    what,
    unit: "ms",
    ...compare(turns, "lower"),
    against: "JSON.parse of the body, JSON.stringify of the result",
    ...aimed,
  };
}

/** Returns the record of a body, as readers get it. @throws when the body makes no record */
export const normalize = (raw: string): object => JSON.parse(String(normalized(raw)));

/** Does ingest's work between the body and the record's bytes. @throws when the body makes no record */
function normalized(raw: string): Buffer {
  const { resources, normalizers } = polar;
  const [part] = resources.find(({ name }) => name === "exercise")?.parts("", JSON.parse(raw)) ?? [];
  const [order] = normalizers.flatMap((normalizer) => (part ? normalizer.affects(part) : []));
  const normalizer = normalizers.find(({ type }) => type === order?.type);
  const text = part && normalizer && normalizedText(normalizer, [part], part.key);
  if (!text) throw new Error("The hour made no record");
  return wholeJson(text, part.key);
}

const polar = providerBySlug("polar");

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/**
 * Returns milliseconds per run. Garbage of earlier runs is collected before, and the results are kept until
 * the end so that no compiler can remove the work.
 */
export function timed(run: () => unknown, repetitions: number): number {
  const kept: unknown[] = [];
  collectGarbage();
  const began = performance.now();
  for (let repetition = 0; repetition < repetitions; repetition++) kept.push(run());
  const elapsed = performance.now() - began;
  if (kept.includes(undefined)) throw new Error("Nothing was made");
  return elapsed / repetitions;
}
