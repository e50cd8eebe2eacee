/** What it means when the project answers, and refuses. */
import { DeliveryError } from "../destination.ts";
import { retryAfter } from "../kit/retry-after.ts";
import { type Answer, receiptOf } from "./http.ts";

/**
 * What a refusal of rows befell: "schema": tables or functions are missing and can be made; "rows": something in
 * the rows themselves; "all": whatever had been sent would have met it.
 */
export class RestRefusal extends DeliveryError {
  readonly befell: "schema" | "rows" | "all";

  constructor(
    befell: RestRefusal["befell"],
    ...[code, retry, receipt, options]: ConstructorParameters<typeof DeliveryError>
  ) {
    super(code, retry, receipt, options);
    this.befell = befell;
  }
}

/** Tables, columns, functions or the index of setup.sql are missing, or PostgREST has not heard of them yet. */
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
/** Tokens that are not valid, or that name a role that is not there or may not be taken. */
const credentialCodes = new Set(["PGRST300", "PGRST301", "PGRST302", "PGRST303", "28000", "28P01"]);
const credentialMessage = /^(role ".*" does not exist|permission denied to set role)/;
/** Data exceptions, constraints, limits, and what a developer's own trigger raises. */
const rowClasses = new Set(["21", "22", "23", "54", "P0"]);

export function restRefusal(answer: Answer): RestRefusal {
  const { code = "", message = answer.text } = told(answer);
  const reason = `${code === "" ? answer.status : code}: ${message}`.slice(0, 500);
  const receipt = receiptOf({ status: answer.status, text: message });
  const options = { reason, ...retryAfter(answer.headers["retry-after"]) };
  if (schemaCodes.has(code)) {
    return new RestRefusal("schema", "DESTINATION_TARGET_MISSING", "later", receipt, options);
  }
  if (
    credentialCodes.has(code) ||
    credentialMessage.test(message) ||
    (code === "" && answer.status === 401)
  ) {
    return new RestRefusal("all", "DESTINATION_CREDENTIALS_REFUSED", "later", receipt, options);
  }
  if (code === "42501") {
    return new RestRefusal("all", "DESTINATION_PERMISSION_MISSING", "later", receipt, {
      reason: `${permissionIn(message)}: ${message}`,
    });
  }
  // A person's row was taken away between two statements: the next attempt makes it again.
  const ofRows = rowClasses.has(code.slice(0, 2)) && code !== "23503";
  if (ofRows) return new RestRefusal("rows", "DELIVERY_REJECTED", "never", receipt, options);
  return new RestRefusal("all", "DELIVERY_FAILED", "later", receipt, options);
}

/** `EXECUTE on systole_take`; for a table PostgreSQL does not say which permission it was. */
function permissionIn(message: string): string {
  const [, kind, name] = /permission denied for (\w+) "?([\w.]+)/.exec(message) ?? [];
  if (kind === "function") return `EXECUTE on ${name}`;
  if (kind === "schema") return `USAGE on schema ${name}`;
  const [, table] = /row-level security policy[^"]*for table "(\w+)"/.exec(message) ?? [];
  return `SELECT, INSERT and UPDATE on ${name ?? table ?? "the tables"}`;
}

/** The code of PostgREST, PostgreSQL or the storage server, where the answer is theirs. */
interface Told {
  readonly code?: string;
  readonly message?: string;
}

/** The storage server answers 400, and only here says what it means. */
export function told({ text }: Pick<Answer, "text">): Told {
  try {
    const { code, message } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    return {};
  }
}

/** `permission` is what the request takes, e.g. `INSERT on storage.objects`. */
export function storageRefusal(answer: Answer, permission: string): DeliveryError {
  const { code, message = answer.text } = told(answer);
  const reason = `${code ?? answer.status}: ${message}`.slice(0, 500);
  const receipt = receiptOf(answer);
  if (code === "AccessDenied" && /row-level security|permission denied|^Access denied$/.test(message)) {
    return new DeliveryError("DESTINATION_PERMISSION_MISSING", "later", receipt, {
      reason: `${permission}: ${message}`,
    });
  }
  if (code === "AccessDenied" || (code === undefined && answer.status === 401)) {
    return new DeliveryError("DESTINATION_CREDENTIALS_REFUSED", "later", receipt, { reason });
  }
  if (code === "NoSuchBucket") {
    return new DeliveryError("DESTINATION_TARGET_MISSING", "later", receipt, { reason });
  }
  if (code === "EntityTooLarge") return new DeliveryError("DELIVERY_TOO_LARGE", "never", receipt, { reason });
  return new DeliveryError("DELIVERY_FAILED", "later", receipt, {
    reason,
    ...retryAfter(answer.headers["retry-after"]),
  });
}
