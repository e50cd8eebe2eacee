/** The meaning of a failure: the client's error and its causes become one DeliveryError. */
import { NetworkError, ProtocolError, TimeoutError } from "@platformatic/kafka";
import { errorMessage } from "../../errors.ts";
import { DeliveryError } from "../destination.ts";
import { causesOf, failure } from "../kit/failure.ts";

const credentialsRefused = new Set([
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
  "ILLEGAL_SASL_STATE",
]);

/** Node's and OpenSSL's codes for TLS connections that fail. */
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|EPROTO$)/;

/** The failure for an error of the network, TLS, SASL or a broker's whole answer. */
export function failureOf(thrown: unknown): DeliveryError {
  const chain = [...causesOf(thrown)];
  const known = chain.find((cause) => cause instanceof DeliveryError);
  if (known !== undefined) return known;
  const protocol = chain.find((cause) => cause instanceof ProtocolError);
  if (protocol !== undefined && credentialsRefused.has(protocol.apiId)) {
    return failure("DESTINATION_CREDENTIALS_REFUSED", refusalReason(protocol), { cause: thrown });
  }
  const tls = chain.find((cause) => tlsCode.test((cause as { code?: string }).code ?? ""));
  if (tls !== undefined) return failure("DELIVERY_FAILED", `TLS: ${tls.message}`, { cause: thrown });
  const late = chain.some((cause) => cause instanceof TimeoutError);
  const root = chain.at(-1) ?? thrown;
  const reason = root instanceof NetworkError ? closedReason : errorMessage(root);
  return failure(late ? "DELIVERY_TIMEOUT" : "DELIVERY_FAILED", reason, { cause: thrown });
}

/** A broker closes the connection without a message when it expects TLS or a login. */
const closedReason = "the broker closed the connection; where it always does, it may want TLS, or a login";

function refusalReason(error: ProtocolError): string {
  if (error.apiId === "UNSUPPORTED_SASL_MECHANISM") return "the cluster does not know this mechanism";
  return typeof error.serverErrorMessage === "string" ? error.serverErrorMessage : error.message;
}

/** A missing permission, by its name in Kafka's own tools. */
export const permissionMissing = (operation: "WRITE" | "CREATE", topic: string): DeliveryError =>
  failure("DESTINATION_PERMISSION_MISSING", `${operation} on topic ${topic}`);
