/** `ecg`: recordings of 30 seconds, each voltage with its own time and unit. */
import { z } from "zod";
import type { Ecg } from "../../healthkit/readings.ts";
import { convert } from "../../healthkit/units.ts";
import { lettersOf, number, numeric, sourceOf, text, timeOf } from "../fields.ts";

const recording = z.object({
  start: text,
  end: text,
  classification: text,
  severity: text,
  averageHeartRate: number,
  samplingFrequency: number,
  source: text,
  voltageMeasurements: z.array(z.unknown()).nullish().catch(null),
});

const voltage = z.object({ voltage: numeric, units: z.string() });

/** HKElectrocardiogramClassification, by its English words. The app translates them on other phones. */
const classifications: ReadonlyMap<string, number> = new Map([
  ["notset", 0],
  ["sinusrhythm", 1],
  ["atrialfibrillation", 2],
  ["inconclusivelowheartrate", 3],
  ["lowheartrate", 3],
  ["inconclusivehighheartrate", 4],
  ["highheartrate", 4],
  ["inconclusivepoorreading", 5],
  ["poorrecording", 5],
  ["inconclusiveother", 6],
  ["inconclusive", 6],
  ["unrecognized", 100],
]);

/** Returns null for a recording without a time. */
export function readEcg(item: unknown): Ecg | null {
  const { data } = recording.safeParse(item);
  const start = timeOf(data?.start);
  if (data === undefined || start === null) return null;
  const { classification, severity, averageHeartRate, samplingFrequency } = data;
  return {
    uuid: null,
    startMs: start.ms,
    endMs: Math.max(start.ms, timeOf(data.end)?.ms ?? start.ms),
    zone: null,
    offsetMinutes: start.offsetMinutes,
    source: sourceOf(data.source),
    classification: classifications.get(lettersOf(classification ?? "")) ?? null,
    classificationText: classification || null,
    averageHeartRate: averageHeartRate ?? null,
    samplingHz: samplingFrequency ?? null,
    microvolts: (data.voltageMeasurements ?? []).map(microvolts),
    metadata: severity ? { severity } : {},
  };
}

function microvolts(item: unknown): number | null {
  const { data } = voltage.safeParse(item);
  return data === undefined ? null : convert(data.voltage, data.units, "microvolt");
}
