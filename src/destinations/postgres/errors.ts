/** The meaning of PostgreSQL's error codes for a delivery (the manual's appendix "PostgreSQL Error Codes"). */
import pg from "pg";
import { type DeliveryCode, DeliveryError } from "../destination.ts";
import type { WriteFailure } from "../kit/sql/database.ts";
import { deliveryError, forAll } from "../kit/sql/failure.ts";

const forEverything: Record<string, DeliveryCode> = {
  "28000": "DESTINATION_CREDENTIALS_REFUSED",
  "28P01": "DESTINATION_CREDENTIALS_REFUSED",
  "3D000": "DESTINATION_TARGET_MISSING",
  "3F000": "DESTINATION_TARGET_MISSING",
  "42501": "DESTINATION_PERMISSION_MISSING",
};

/** Undefined table, undefined column, no unique key to conflict with. */
const schemaCodes = new Set(["42P01", "42703", "42P10"]);
/** Deadlock, serialisation failure. */
const againCodes = new Set(["40P01", "40001"]);
/** Data exceptions, integrity constraints, program limits, and errors that a developer's trigger raises. */
const rowClasses = new Set(["22", "23", "54", "P0"]);

export function judge(error: unknown): WriteFailure {
  if (error instanceof DeliveryError) return { kind: "all", error };
  const code = codeOf(error);
  if (code === null) return forAll("DELIVERY_FAILED", error);
  if (schemaCodes.has(code)) return { kind: "schema", error: deliveryError("DELIVERY_FAILED", error) };
  if (againCodes.has(code)) return { kind: "again", error: deliveryError("DELIVERY_FAILED", error) };
  if (rowClasses.has(code.slice(0, 2)))
    return { kind: "row", error: deliveryError("DELIVERY_REJECTED", error) };
  return forAll(forEverything[code] ?? "DELIVERY_FAILED", error);
}

/** The error code; null when the error did not come from the server. */
export function codeOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}
