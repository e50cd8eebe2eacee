/** What reading resources needs: the store, and how the environment of the request wants them written. */
import type { FastifyRequest } from "fastify";
import { exportsOf } from "../exports-of.ts";
import type { ApiServices } from "../services.ts";

export const readingFor = (services: ApiServices, request: FastifyRequest) => ({
  store: services.store,
  exports: exportsOf(services, request),
});
