/** One Observation of a connection, found by its id, and the Devices of a connection. */
import type { ExportSettings } from "../export/contract.ts";
import { deviceFields } from "../export/fhir/device.ts";
import { type Served, servedDevice, servedResources } from "../export/fhir/served.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { findMarkedRecords, listDevices } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { namedRecords } from "./formatted.ts";

interface Deps {
  readonly store: Pick<Store, "db">;
  readonly exports: ExportSettings;
}

/** Returns the Observation of a record with this mark; null where there is none any more. */
export async function readServedObservation(
  { store: { db }, exports }: Deps,
  connection: Connection,
  { id, recordMark }: { readonly id: string; readonly recordMark: string },
): Promise<Served | null> {
  for (const { type, naturalKey } of await findMarkedRecords(db, connectionIdOf(connection), recordMark)) {
    const records = await namedRecords({ db }, connection, { type, withSamples: true }, [naturalKey]);
    for (const record of records) {
      const found = servedResources(record, exports).find((resource) => resource.id === id);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** Returns every Device that the records name. */
export async function readServedDevices(
  { store: { db }, exports }: Deps,
  connection: Connection,
): Promise<readonly Served[]> {
  const named = await listDevices(db, connectionIdOf(connection), deviceFields);
  const devices = named.flatMap(
    (device) => servedDevice(connection.user_id, { device_data: device }, exports) ?? [],
  );
  // White space around a word makes no other Device.
  return [...new Map(devices.map((device) => [device.id, device])).values()];
}
