/** The meaning of the project's refusals. */
import { type DeliveryCode, DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Answer, jsonObject } from "../kit/http.ts";

/**
 * A refusal of PostgREST, with its cause. "schema": tables or functions are missing and can be made; "rows": a value
 * of the rows themselves was refused; "all": any request would have failed.
 */
export class RestRefusal extends DeliveryError {
  readonly kind: "schema" | "rows" | "all";

  constructor(kind: RestRefusal["kind"], error: DeliveryError) {
    super(error.code as DeliveryCode, error.retry, error.receipt, {
      reason: String(error.details.reason),
      ...(error.retryAfterMs !== null && { retryAfterMs: error.retryAfterMs }),
    });
    this.kind = kind;
  }
}

/** Tables, columns, functions or the index of setup.sql are missing, or PostgREST does not know of them yet. */
const schemaCodes = new Set([
  "PGRST202",
  "PGRST204",
  "PGRST205",
  "42P01",
  "42P10",
  "42703",
  "42883",
  "3F000",
]);
/** Tokens that are not valid, or whose role is missing or may not be used. */
const credentialCodes = new Set(["PGRST300", "PGRST301", "PGRST302", "PGRST303", "28000", "28P01"]);
const credentialMessage = /^(role ".*" does not exist|permission denied to set role)/;
/** Data exceptions, constraints, limits, and errors that a developer's own trigger raises. */
const rowClasses = new Set(["21", "22", "23", "54", "P0"]);

export function restRefusal(answer: Answer): RestRefusal {
  const { code = "", message = answer.text } = told(answer);
  const words = `${code === "" ? answer.status : code}: ${message}`;
  const refused = (kind: RestRefusal["kind"], deliveryCode: DeliveryCode, reason = words): RestRefusal =>
    new RestRefusal(kind, failure(deliveryCode, reason, { ...answer, text: message }));
  if (schemaCodes.has(code)) return refused("schema", "DESTINATION_TARGET_MISSING");
  const isUnknown = credentialCodes.has(code) || credentialMessage.test(message);
  if (isUnknown || (code === "" && answer.status === 401)) {
    return refused("all", "DESTINATION_CREDENTIALS_REFUSED");
  }
  if (code === "42501") {
    return refused("all", "DESTINATION_PERMISSION_MISSING", `${permissionIn(message)}: ${message}`);
  }
  // 23503: a person's row was deleted between two statements; the next attempt makes it again.
  const ofRows = rowClasses.has(code.slice(0, 2)) && code !== "23503";
  return ofRows ? refused("rows", "DELIVERY_REJECTED") : refused("all", "DELIVERY_FAILED");
}

/** `EXECUTE on systole_take`; for a table PostgreSQL does not tell which permission is missing. */
function permissionIn(message: string): string {
  const [, kind, name] = /permission denied for (\w+) "?([\w.]+)/.exec(message) ?? [];
  if (kind === "function") return `EXECUTE on ${name}`;
  if (kind === "schema") return `USAGE on schema ${name}`;
  const [, table] = /row-level security policy[^"]*for table "(\w+)"/.exec(message) ?? [];
  return `SELECT, INSERT and UPDATE on ${name ?? table ?? "the tables"}`;
}

/** The error of PostgREST, PostgreSQL or the storage server, where the answer is theirs. */
interface Told {
  readonly code?: string;
  readonly message?: string;
}

/**
 * The code and message in an answer. The storage server answers 400 to everything, so that only these tell the
 * cause.
 */
export function told({ text }: Pick<Answer, "text">): Told {
  const { code, message } = jsonObject(text);
  return {
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
}

/** `permission` is the one that the request needs, e.g. `INSERT on storage.objects`. */
export function storageRefusal(answer: Answer, permission: string): DeliveryError {
  const { code, message = answer.text } = told(answer);
  const reason = `${code ?? answer.status}: ${message}`;
  if (code === "AccessDenied" && /row-level security|permission denied|^Access denied$/.test(message)) {
    return failure("DESTINATION_PERMISSION_MISSING", `${permission}: ${message}`, answer);
  }
  if (code === "AccessDenied" || (code === undefined && answer.status === 401)) {
    return failure("DESTINATION_CREDENTIALS_REFUSED", reason, answer);
  }
  if (code === "NoSuchBucket") return failure("DESTINATION_TARGET_MISSING", reason, answer);
  if (code === "EntityTooLarge") return failure("DELIVERY_TOO_LARGE", reason, answer);
  return failure("DELIVERY_FAILED", reason, answer);
}
