/** Observations and Devices one by one, by the ids that searches give. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Served } from "../../export/fhir/served.ts";
import { readServedId } from "../../export/fhir/served-id.ts";
import type { Reading } from "../../requests/resource-pages.ts";
import { readServedDevices, readServedObservation } from "../../requests/served-resource.ts";
import { findConnection } from "../../store/connections.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { readingFor } from "./reading.ts";

const types = ["Observation", "Device"] as const;

export function singleRoutes(app: Api, services: ApiServices): void {
  for (const type of types) {
    const params = z.object({ id: z.string() });
    const schema = { tags: ["FHIR"], summary: `One ${type}`, params, hide: true };
    app.get(`/${type}/:id`, { schema }, async (request) => {
      const { id } = request.params;
      const found = await find(readingFor(services, request), environmentIdOf(request), type, id);
      if (found === null) throw new SystoleError("RESOURCE_NOT_FOUND", { resource: `${type}/${id}` });
      return found;
    });
  }
}

async function find(
  reading: Reading,
  environmentId: string,
  type: (typeof types)[number],
  id: string,
): Promise<Served | null> {
  const place = readServedId(id);
  if (place === null || (place.recordMark === null) !== (type === "Device")) return null;
  const { userId, recordMark } = place;
  const connection = await findConnection(reading.db, { environmentId, userId });
  if (connection === null) return null;
  if (recordMark !== null) return readServedObservation(reading, connection, { id, recordMark });
  const devices = await readServedDevices(reading, connection);
  return devices.find((device) => device.id === id) ?? null;
}
