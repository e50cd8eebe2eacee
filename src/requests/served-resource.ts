/** One Observation of a connection, found by its id, and the Devices of a connection. */
import { deviceFields } from "../export/fhir/device.ts";
import { type Served, servedDevice } from "../export/fhir/served.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { findMarkedRecords, listDevices } from "../store/records.ts";
import { namedTexts } from "./formatted.ts";
import type { Reading } from "./resource-pages.ts";

/** Returns the Observation of a record with this mark; null where there is none any more. */
export async function readServedObservation(
  { db, bodies, exports: settings, converter }: Reading,
  connection: Connection,
  { id, recordMark }: { readonly id: string; readonly recordMark: string },
): Promise<Served | null> {
  for (const { type, naturalKey } of await findMarkedRecords(db, connectionIdOf(connection), recordMark)) {
    const records = await namedTexts({ db, bodies }, connection, { type, withSamples: true }, [naturalKey]);
    const served = await converter.convert("served", { records, settings });
    const found = served.flat().find((resource) => resource.id === id);
    if (found !== undefined) return found;
  }
  return null;
}

/** Returns every Device that the records name. */
export async function readServedDevices(
  { db, exports }: Reading,
  connection: Connection,
): Promise<readonly Served[]> {
  const named = await listDevices(db, connectionIdOf(connection), deviceFields);
  const devices = named.flatMap(
    (device) => servedDevice(connection.user_id, { device_data: device }, exports) ?? [],
  );
  // White space around a word makes no other Device.
  return [...new Map(devices.map((device) => [device.id, device])).values()];
}
