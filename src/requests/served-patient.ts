/** The Patient of a connection, as the FHIR server answers it. */
import type { RecordText } from "../export/conversions.ts";
import { patientOf } from "../export/fhir/patient.ts";
import type { Served } from "../export/fhir/served.ts";
import { systemsOf } from "../export/fhir/systems.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { listPlaces } from "../store/records.ts";
import { namedTexts } from "./formatted.ts";
import type { Reading } from "./resource-pages.ts";

/** Returns it with the birth date of the profile, where that may be written. */
export async function readServedPatient(
  { db, bodies, exports, converter }: Reading,
  connection: Connection,
): Promise<Served> {
  const { user_id: userId, reference_id: referenceId } = connection;
  const records = exports.birthDate ? await readProfile({ db, bodies }, connection) : [];
  const [[written] = []] = await converter.convert("served", { records, settings: exports });
  if (written !== undefined) return written;
  const { resourceType, ...rest } = patientOf({ userId, referenceId }, systemsOf(exports.fhirBase));
  return { resourceType, id: userId, ...rest };
}

async function readProfile(
  source: Pick<Reading, "db" | "bodies">,
  connection: Connection,
): Promise<RecordText[]> {
  const from = { type: "athlete", naturalKey: "" } as const;
  const [place] = await listPlaces(source.db, connectionIdOf(connection), { from, days: null, limit: 1 });
  if (place?.type !== "athlete") return [];
  const wanted = { type: place.type, withSamples: true };
  return namedTexts(source, connection, wanted, [place.naturalKey]);
}
