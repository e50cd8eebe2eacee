/** Limits on what a client may hold open, and answers to requests that are not HTTP or come too slowly. */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { SystoleError } from "../errors.ts";
import { problemOf } from "./errors.ts";
import { fieldInvalid } from "./field-invalid.ts";

export interface ConnectionLimits {
  /** The time until the request line and the headers must be here. */
  readonly headersMs: number;
  /** The time until the whole request must be here, with its body. */
  readonly requestMs: number;
  /** The same for a large upload, once its sender is known: 200 MB in half an hour is a slow mobile network. */
  readonly uploadMs: number;
  /** The time without a byte in either direction; longer than any answer takes to begin. */
  readonly silenceMs: number;
  /** The number of connections at the same time; one more is closed without an answer. */
  readonly connections: number;
  /** The interval of the check for requests that are too slow. */
  readonly checkMs: number;
}

export const usualLimits: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 60_000,
  uploadMs: 30 * 60_000,
  silenceMs: 10 * 60_000,
  connections: 4_000,
  checkMs: 5_000,
};

/** Returns Fastify's options for these limits. `limitServer` sets the others on the server itself. */
export const limitingOptions = (limits: ConnectionLimits) => ({
  // Node has one limit for all requests; `limitArrival` has the shorter one.
  requestTimeout: limits.uploadMs,
  connectionTimeout: limits.silenceMs,
  http: {
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.checkMs,
    // Node's own refusal has no body; assertHost answers with a problem.
    requireHostHeader: false,
  },
  clientErrorHandler: refuse,
});

/** Sets the limits on the server, and answers requests that Node would refuse without a body. */
export function limitServer(server: Server, limits: ConnectionLimits): void {
  server.maxConnections = limits.connections;
  server.on("request", (request, response) => limitArrival(request, response, limits));
  server.on("connect", (_request, socket) => part(socket, new SystoleError("ROUTE_NOT_FOUND")));
  server.on("checkExpectation", ({ socket }) =>
    part(socket, notValid("has another Expect than 100-continue")),
  );
}

const allowances = new WeakMap<IncomingMessage, () => void>();

/** Gives a request the time of an upload. To be called once its sender is known. */
export const allowUpload = (request: IncomingMessage): void => allowances.get(request)?.();

/** Ends a request whose body does not arrive in time. */
function limitArrival(
  request: IncomingMessage,
  response: ServerResponse,
  { requestMs, uploadMs }: ConnectionLimits,
): void {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length === undefined && encoding === undefined) return;
  const refuseLate = () => {
    if (request.complete) return;
    if (response.headersSent) request.socket.destroy();
    else part(request.socket, new SystoleError("REQUEST_TOO_SLOW"));
  };
  let timer = setTimeout(refuseLate, requestMs);
  allowances.set(request, () => {
    clearTimeout(timer);
    timer = setTimeout(refuseLate, uploadMs);
  });
  const stop = () => clearTimeout(timer);
  request.once("end", stop).once("close", stop);
}

/** Demands a Host header (RFC 9112, 3.2). @throws SystoleError REQUEST_INVALID */
export function assertHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === "1.1" && headers.host === undefined) throw notValid("has no Host");
}

const notValid = (problem: string): SystoleError => fieldInvalid("request", "", problem);

/** Returns the error for one of Node's own codes. All others mean a request that cannot be read. */
function refusalOf({ code }: NodeJS.ErrnoException): SystoleError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new SystoleError("REQUEST_TOO_SLOW");
  if (code === "HPE_HEADER_OVERFLOW") return new SystoleError("REQUEST_HEADERS_TOO_LARGE");
  return notValid("is not HTTP/1.1");
}

/**
 * How long a refused connection is kept so that its answer can be read. If it were closed while bytes still come in, it
 * would be reset and the answer lost.
 */
const partingMs = 1_000;

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else part(socket, refusalOf(error));
}

function part(socket: Duplex, error: SystoleError): void {
  socket.end(answerTo(error));
  setTimeout(() => socket.destroy(), partingMs).unref();
}

function answerTo(error: SystoleError): string {
  const body = JSON.stringify(problemOf(error, ""));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    "content-type: application/problem+json; charset=utf-8",
    "x-content-type-options: nosniff",
    "connection: close",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
