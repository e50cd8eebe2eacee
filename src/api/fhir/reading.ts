/** The parts that reading resources needs, with the way in which the request's environment wants them written. */
import type { FastifyRequest } from "fastify";
import type { Reading } from "../../requests/resource-pages.ts";
import { exportsOf } from "../exports-of.ts";
import type { ApiServices } from "../services.ts";

export const readingFor = (services: ApiServices, request: FastifyRequest): Reading => ({
  db: services.store.db,
  bodies: services.store.bodies,
  exports: exportsOf(services, request),
  converter: services.converter,
});
