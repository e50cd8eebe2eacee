/**
 * One error body for every caller: RFC 9457 as Terra's OpenAPI has it, with `message` and `status` as Terra's
 * SDKs and older documentation have it, and with our own code and facts.
 */
import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { DeliveryError } from "../destinations/destination.ts";
import { type ErrorCode, type ErrorDetails, SystoleError } from "../errors.ts";
import { storeError } from "../store/store-error.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Refused, and told in a log line that counts many: it gets no line of its own. */
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

/** Static, but for the one text that Terra documents with a name in it: `invalid start_date`. */
const messageOf = ({ code, message, details }: SystoleError): string =>
  code === "DATE_INVALID" ? `invalid ${String(details.parameter)}` : message;

/** The message with the facts a person needs to act on it. */
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

/** Why the store or we ourselves failed is for the log; it may name hosts and tables. */
const shown = ({ status, details }: SystoleError): ErrorDetails =>
  status >= 500 && "reason" in details ? {} : details;

/** Fastify's own refusals that have a code of ours; its others are requests that are simply not valid. */
const refusals: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "REQUEST_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "REQUEST_MEDIA_TYPE_UNSUPPORTED",
  FST_ERR_CTP_INVALID_JSON_BODY: "REQUEST_BODY_NOT_JSON",
};

/** PostgreSQL's word for a NUL: any text of a request may bring one along. */
const notText = "22021";

const notValid = (problem: string, cause: unknown): SystoleError =>
  new SystoleError("REQUEST_INVALID", { fields: [{ in: "request", field: "", problem }] }, { cause });

/** What any thrown value means to the one who asked. */
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
    .send(problemOf(error, request.url));
}

/**
 * Only what is our fault or our store's is worth a line of its own; refusals show in the request's line, or, where
 * anybody may send any number of requests, in a line that counts them.
 */
export function logFailure(error: SystoleError, thrown: unknown, request: FastifyRequest): void {
  // A target's words may quote health data: they go to who asked, and into no log.
  if (error instanceof DeliveryError) request.log.info({ code: error.code }, error.message);
  else if (error.status >= 500 && !request.isRefusalCounted)
    request.log.error({ err: thrown, code: error.code }, error.message);
  else request.log.debug({ code: error.code, details: error.details }, error.message);
}
