/** The Patient of a connection, as the FHIR server answers it. */
import type { ExportSettings } from "../export/contract.ts";
import { patientOf } from "../export/fhir/patient.ts";
import { type Served, servedResources } from "../export/fhir/served.ts";
import { systemsOf } from "../export/fhir/systems.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { listPlaces } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { namedRecords } from "./formatted.ts";

interface Deps {
  readonly store: Pick<Store, "db">;
  readonly exports: ExportSettings;
}

/** Returns it with the birth date of the profile, where that may be written. */
export async function readServedPatient(
  { store: { db }, exports }: Deps,
  connection: Connection,
): Promise<Served> {
  const { user_id: userId, reference_id: referenceId } = connection;
  const profile = exports.birthDate ? await readProfile(db, connection) : undefined;
  const [written] = profile === undefined ? [] : servedResources(profile, exports);
  if (written !== undefined) return written;
  const { resourceType, ...rest } = patientOf({ userId, referenceId }, systemsOf(exports.fhirBase));
  return { resourceType, id: userId, ...rest };
}

async function readProfile(db: Store["db"], connection: Connection) {
  const from = { type: "athlete", naturalKey: "" } as const;
  const [place] = await listPlaces(db, connectionIdOf(connection), { from, days: null, limit: 1 });
  if (place?.type !== "athlete") return undefined;
  const wanted = { type: place.type, withSamples: true };
  const [profile] = await namedRecords({ db }, connection, wanted, [place.naturalKey]);
  return profile;
}
