/** Translates the errors of PostgreSQL's driver. */
import { type ErrorCode, errorMessage, SystoleError } from "../errors.ts";

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);
/** Classes 08 connection, 28 authorisation, 3D unknown database, 53 resources, 57P shutdown. */
const unavailable = /^(08|28|3D|53|57P)/;
/** Errors of the driver itself, which have no code. */
const lost = /Connection terminated|timeout exceeded when trying to connect|timeout expired/;
/** What Citus says, as an internal error, when a worker's connection ends under a statement: its driver's own messages. */
const lostNode =
  /server closed the connection|SSL SYSCALL error|SSL connection has been closed|could not (receive|send) data|no connection to the server|connection marked as essential/;
/** The driver's own messages, and Node's codes for certificates that it does not accept. */
const untrusted =
  /does not support SSL|^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/;

/** Returns null when it is a bug of ours. */
export function storeError(thrown: unknown): SystoleError | null {
  if (thrown instanceof SystoleError) return thrown;
  const meaning = meaningOf(String((thrown as { code?: unknown } | null)?.code), errorMessage(thrown));
  if (meaning === null) return null;
  return new SystoleError(meaning, { reason: errorMessage(thrown) }, { cause: thrown });
}

function meaningOf(code: string, reason: string): ErrorCode | null {
  if (code === "53100") return "DISK_FULL";
  if (code === "42501") return "STORE_PERMISSION_MISSING";
  if (untrusted.test(code) || untrusted.test(reason)) return "STORE_TLS_FAILED";
  if (code === "XX000" && lostNode.test(reason)) return "STORE_UNAVAILABLE";
  return lost.test(reason) || networkCodes.has(code) || unavailable.test(code) ? "STORE_UNAVAILABLE" : null;
}
