/**
 * Makes the one error body for every caller: RFC 9457 as Terra's OpenAPI has it, with `message` and `status` as Terra's
 * SDKs and older documentation have it, and with our own code and facts.
 */
import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { DeliveryError } from "../destinations/destination.ts";
import { type ErrorCode, type ErrorDetails, SystoleError } from "../errors.ts";
import { storeError } from "../store/store-error.ts";
import { fieldInvalid } from "./field-invalid.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the path itself is a secret: a problem then names the route only, since whoever posts there keeps it. */
    secretPath?: boolean;
  }
  interface FastifyRequest {
    /** Set for refusals that are counted in a log line of their own kind. The request then gets no line. */
    isRefusalCounted: boolean;
  }
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: "error";
  readonly message: string;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

export function problemOf(error: SystoleError, instance: string): Problem {
  return {
    type: "about:blank",
    title: (STATUS_CODES[error.status] ?? "error").toLowerCase(),
    status: "error",
    message: messageOf(error),
    detail: detailOf(error),
    instance,
    code: error.code,
    details: shown(error),
  };
}

/** Returns the static message, except for the one text that Terra documents with a name in it: `invalid start_date`. */
const messageOf = ({ code, message, details }: SystoleError): string =>
  code === "DATE_INVALID" ? `invalid ${String(details.parameter)}` : message;

/** Returns the message with the facts that a person needs to act on it. */
function detailOf(error: SystoleError): string {
  const { details } = error;
  const message = messageOf(error);
  if (error.code === "DATE_INVALID") return `${message}: ${validDates}`;
  const reasons = Array.isArray(details.settings) ? details.settings : fieldProblems(details.fields);
  return reasons.length === 0 ? message : `${message}: ${reasons.join("; ")}`;
}

const validDates = "a date is YYYY-MM-DD, or ten-digit unix seconds";

const fieldProblems = (fields: unknown): string[] =>
  Array.isArray(fields)
    ? fields.map(({ field, problem }) => (field === "" ? problem : `${field}: ${problem}`))
    : [];

/**
 * Returns the details for the caller. Those of a failure of the store or of Systole go only to the log, because they
 * may name hosts and tables.
 */
const shown = ({ status, details }: SystoleError): ErrorDetails =>
  status >= 500 && "reason" in details ? {} : details;

/** Codes for Fastify's own refusals; those without one are requests that are not valid. */
const refusals: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "REQUEST_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "REQUEST_MEDIA_TYPE_UNSUPPORTED",
  FST_ERR_CTP_INVALID_JSON_BODY: "REQUEST_BODY_NOT_JSON",
};

/** PostgreSQL's code for a NUL character, which any text of a request may contain. */
const notText = "22021";

const notValid = (problem: string, cause: unknown): SystoleError =>
  fieldInvalid("request", "", problem, cause);

/** Converts any thrown value to a SystoleError for the caller. */
export function asSystoleError(thrown: unknown, bodyLimit?: number): SystoleError {
  const known = storeError(thrown);
  if (known !== null) return known;
  const { code, statusCode, message } = Object(thrown) as {
    code?: string;
    statusCode?: number;
    message?: string;
  };
  const refusal = refusals[code ?? ""];
  if (refusal === "REQUEST_TOO_LARGE") return new SystoleError(refusal, { limit_bytes: bodyLimit });
  if (refusal !== undefined) return new SystoleError(refusal, {}, { cause: thrown });
  if (code === notText) return notValid("holds a character that no text can hold", thrown);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return notValid(message ?? "not valid", thrown);
  }
  return new SystoleError("INTERNAL", {}, { cause: thrown });
}

export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asSystoleError(thrown, request.routeOptions.bodyLimit);
  logFailure(error, thrown, request);
  return reply
    .code(error.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(problemOf(error, instanceOf(request)));
}

const instanceOf = ({ routeOptions, url }: FastifyRequest): string =>
  routeOptions.config?.secretPath === true ? (routeOptions.url ?? "") : url;

/**
 * Logs failures of Systole and of its store in a line of their own. Refusals are part of the request's line; those that
 * anybody may cause in any number are counted in a shared line.
 */
export function logFailure(error: SystoleError, thrown: unknown, request: FastifyRequest): void {
  // A target's words may quote health data, so they go to the caller and into no log.
  if (error instanceof DeliveryError) request.log.info({ code: error.code }, error.message);
  else if (error.status >= 500 && !request.isRefusalCounted)
    request.log.error({ err: thrown, code: error.code }, error.message);
  else request.log.debug({ code: error.code, details: error.details }, error.message);
}
