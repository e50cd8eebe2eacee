/** An electrocardiogram in a file of its own, in English. */
import type { Ecg } from "../generate/facts.ts";
import { dateAt } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { spacedTime } from "./times.ts";

export const ecgName = ({ zone }: Wearer, { startMs }: Ecg): string => `ecg_${dateAt(zone, startMs)}.csv`;

export function* ecgCsv({ zone }: Wearer, ecg: Ecg): Generator<string> {
  const { device, samplingHz, microvolts } = ecg;
  yield `Name,
Date of Birth,
Recorded Date,${spacedTime(zone, ecg.startMs)}
Classification,${ecg.classification === 1 ? "Sinus Rhythm" : "Low Heart Rate"}
Symptoms,
Software Version,${device.version}
Device,"${device.productType}"
Sample Rate,${samplingHz} hertz


Lead,Lead I
Unit,µV

`;
  yield `${microvolts.join("\n")}\n`;
}
