/** How records are written in other formats for the environment of a request. */
import type { FastifyRequest } from "fastify";
import type { ExportSettings } from "../export/contract.ts";
import { environmentOf } from "./auth.ts";
import type { ApiServices } from "./services.ts";

export const exportsOf = (
  { exports }: Pick<ApiServices, "exports">,
  request: FastifyRequest,
): ExportSettings => ({ ...exports, birthDate: environmentOf(request).fhir_birth_date });
