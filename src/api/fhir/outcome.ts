/** Errors as FHIR's clients read them: an OperationOutcome in place of a problem. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SystoleError } from "../../errors.ts";
import { asSystoleError, logFailure, problemOf } from "../errors.ts";

export const fhirJson = "application/fhir+json; charset=utf-8";

/** Codes of http://hl7.org/fhir/issue-type; every other failure is an `exception`. */
const issueTypes: Readonly<Record<number, string>> = {
  400: "invalid",
  401: "login",
  403: "forbidden",
  404: "not-found",
  413: "too-long",
  415: "not-supported",
  429: "throttled",
  503: "transient",
};

export function outcomeOf(error: SystoleError) {
  const { code, detail } = problemOf(error, "");
  const issue = {
    severity: error.status >= 500 ? "fatal" : "error",
    code: issueTypes[error.status] ?? "exception",
    details: { text: code },
    diagnostics: detail,
  };
  return { resourceType: "OperationOutcome", issue: [issue] } as const;
}

export function sendOutcome(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asSystoleError(thrown, request.routeOptions.bodyLimit);
  logFailure(error, thrown, request);
  if (error.status === 401) reply.header("www-authenticate", 'Basic realm="Systole", charset="UTF-8"');
  return reply
    .code(error.status)
    .header("content-type", fhirJson)
    .serializer(JSON.stringify)
    .send(outcomeOf(error));
}
