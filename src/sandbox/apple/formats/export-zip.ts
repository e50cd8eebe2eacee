/** `export.zip`, streamed: neither its XML nor the days that it is made of are ever in memory as a whole. */
import type { Writable } from "node:stream";
import { datesOf, dayOf, type Period } from "../generate/index.ts";
import type { Wearer } from "../generate/person.ts";
import { ecgCsv, ecgName } from "./ecg-csv.ts";
import { exportXml } from "./export-xml.ts";
import { gpx, routeName } from "./gpx.ts";
import { ZipWriter } from "./zip.ts";

const folder = "apple_health_export";

/** Writes an export and ends the stream. */
export async function writeExport(out: Writable, wearer: Wearer, period: Period): Promise<void> {
  const zip = new ZipWriter(out);
  for (const date of datesOf(wearer, period)) {
    const { workouts, ecgs } = dayOf(wearer, date, period.now);
    for (const workout of workouts.filter(({ route }) => route.length > 0))
      await zip.add(`${folder}/workout-routes/${routeName(wearer, workout)}`, gpx(wearer, workout));
    for (const ecg of ecgs)
      await zip.add(`${folder}/electrocardiograms/${ecgName(wearer, ecg)}`, ecgCsv(wearer, ecg));
  }
  await zip.add(`${folder}/export.xml`, exportXml(wearer, period));
  await zip.end();
}
