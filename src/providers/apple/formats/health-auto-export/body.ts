/** A body of Health Auto Export: its sections, read into statements about parts that grow. */
import { growingEcg, growingJournalEntry, growingWorkout } from "../../healthkit/growing-parts.ts";
import type { Sample } from "../../healthkit/sample.ts";
import { fieldsIn, listIn } from "../fields.ts";
import { Statements } from "../statements.ts";
import type { Unread } from "../unread.ts";
import { readCycleEntry } from "./cycle.ts";
import { readEcg } from "./ecg.ts";
import { type Sending, sendingOf } from "./headers.ts";
import { type JournalSection, readEntry } from "./journal.ts";
import { type Metric, readMetric } from "./metrics.ts";
import { readOtherMetric } from "./other-metrics.ts";
import { replacedDays, replacedNights, spanOf } from "./replaced.ts";
import { readSleep, sleepMetric } from "./sleep.ts";
import { readWorkout } from "./workouts.ts";

export const formatName = "health-auto-export";

export class BodyReader {
  readonly #sending: Sending;
  readonly #statements: Statements;
  readonly #unread: Unread;

  /** @param unread takes up the leaves that cannot be read */
  constructor(key: string, unread: Unread) {
    this.#sending = sendingOf(key);
    const { session } = this.#sending;
    this.#statements = new Statements({
      format: formatName,
      ...(session !== null && { batch: session }),
    });
    this.#unread = unread;
  }

  /** Reads a whole body. Sections stand in `data`; some versions wrote `workouts` beside it. */
  read(body: Readonly<Record<string, unknown>>): Statements {
    const data = fieldsIn(body.data);
    for (const metric of metricsOf(data.metrics)) {
      if (metric.name === sleepMetric) this.#readSleep(metric);
      else this.#readMetric(metric);
    }
    for (const [at, list] of [
      ["data.workouts", data.workouts],
      ["workouts", body.workouts],
    ] as const)
      for (const item of listIn(list)) this.#readWorkout(at, item);
    for (const section of ["stateOfMind", "medications", "symptoms", "heartRateNotifications"] as const)
      for (const item of listIn(data[section])) this.#readEntry(section, item);
    this.#readCycle(listIn(data.cycleTracking));
    for (const item of listIn(data.ecg)) this.#readEcg(item);
    return this.#statements;
  }

  #readMetric(metric: Metric): void {
    const { isWholeDays, granularity } = this.#sending;
    const read = readMetric(metric, granularity) ?? readOtherMetric(metric, granularity);
    if (read === null) return;
    this.#note(metric.name, read.unreadable);
    this.#addSamples(read.samples, isWholeDays);
  }

  #readSleep(metric: Metric): void {
    const { samples, unreadable, isSums } = readSleep(metric);
    this.#note(metric.name, unreadable);
    for (const sample of samples) this.#statements.addSample(sample);
    const [first] = samples;
    if (first === undefined) return;
    // A part of a night may be sent alone, but its sums are always those of the whole.
    const isWhole = isSums || this.#sending.isWholeDays;
    const periods = isWhole ? replacedNights(samples) : [spanOf(samples)];
    for (const period of periods) this.#statements.replaceSamples(first.type, period);
  }

  #note(metric: string, leaves: readonly string[]): void {
    for (const leaf of leaves) this.#unread.note(`data.metrics[name=${metric}].${leaf}`);
  }

  #addSamples(samples: readonly Sample[], isWholeDays: boolean): void {
    for (const sample of samples) this.#statements.addSample(sample);
    for (const [type, ofType] of Map.groupBy(samples, ({ type }) => type))
      for (const period of replacedDays(ofType, isWholeDays)) this.#statements.replaceSamples(type, period);
  }

  #readWorkout(at: string, item: unknown): void {
    const read = readWorkout(item, this.#sending.granularity);
    for (const leaf of read?.unreadable ?? ["start"]) this.#unread.note(`${at}[].${leaf}`);
    if (read !== null) this.#statements.add("workouts", growingWorkout(read.workout));
  }

  #readEntry(section: JournalSection, item: unknown): void {
    const read = readEntry(section, item);
    if (read === null) this.#unread.note(`data.${section}[].start`);
    else this.#statements.add("journal", growingJournalEntry(read.entry, read.what));
  }

  /** An entry that is not understood stays in the journal as it is written. */
  #readCycle(items: readonly unknown[]): void {
    const samples: Sample[] = [];
    for (const item of items) {
      const sample = readCycleEntry(item);
      if (sample !== null) samples.push(sample);
      else {
        this.#unread.note("data.cycleTracking[].value");
        this.#readEntry("cycleTracking", item);
      }
    }
    this.#addSamples(samples, this.#sending.isWholeDays);
  }

  #readEcg(item: unknown): void {
    const ecg = readEcg(item);
    if (ecg === null) this.#unread.note("data.ecg[].start");
    else this.#statements.add("ecgs", growingEcg(ecg));
    if (ecg?.classification === null && ecg.classificationText !== null)
      this.#unread.note("data.ecg[].classification");
  }
}

function metricsOf(value: unknown): Metric[] {
  return listIn(value).flatMap((item) => {
    const { name, units, data } = fieldsIn(item);
    if (typeof name !== "string") return [];
    return [{ name, units: typeof units === "string" ? units : "", data: listIn(data) }];
  });
}
