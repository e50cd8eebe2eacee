/** The credentials of a FHIR client: the headers of /v2, or Basic authentication, which every such client can send. */
import type { FastifyRequest } from "fastify";
import { type GivenKey, header, keyInHeaders } from "../auth.ts";

/** The user name is the dev-id, the password the API key (RFC 7617). Returns null where there are none. */
export const credentialsOf = (request: FastifyRequest): GivenKey | null =>
  keyInHeaders(request) ?? basicKey(header(request, "authorization") ?? "");

function basicKey(authorization: string): GivenKey | null {
  const [, encoded = ""] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const [, devId = "", key = ""] =
    /^([^:]+):(.+)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  return devId === "" ? null : { devId, key };
}
