/** The meaning of the error numbers of MySQL and MariaDB for a delivery. */
import { type DeliveryCode, DeliveryError } from "../destination.ts";
import type { WriteFailure } from "../kit/sql/database.ts";
import { deliveryError, forAll } from "../kit/sql/failure.ts";

const forEverything: Record<number, DeliveryCode> = {
  1044: "DESTINATION_PERMISSION_MISSING", // no privilege in the database
  1045: "DESTINATION_CREDENTIALS_REFUSED",
  1698: "DESTINATION_CREDENTIALS_REFUSED",
  1049: "DESTINATION_TARGET_MISSING", // no such database
  1142: "DESTINATION_PERMISSION_MISSING", // on a table
  1143: "DESTINATION_PERMISSION_MISSING", // on a column
  1227: "DESTINATION_PERMISSION_MISSING",
};

/** No such column, no such table. */
const schemaNumbers = new Set([1054, 1146]);
/** Deadlock; a row that changed since it was read. */
const againNumbers = new Set([1213, 1020]);
/** Too long, out of range, not of the type; constraints; a row or key too large; errors of a trigger. */
const rowNumbers = new Set([
  1048, 1062, 1071, 1118, 1139, 1153, 1264, 1265, 1292, 1364, 1366, 1367, 1406, 1451, 1452, 1644, 3819, 4025,
]);
const rowStates = new Set(["22", "23", "45"]);

/** The driver's error for an error that the server sent. */
interface ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  readonly sqlMessage: string;
}

export function judge(error: unknown): WriteFailure {
  if (error instanceof DeliveryError) return { kind: "all", error };
  if (!isFromServer(error)) return forAll("DELIVERY_FAILED", error);
  const { errno, sqlState } = error;
  if (schemaNumbers.has(errno)) return { kind: "schema", error: deliveryError("DELIVERY_FAILED", error) };
  if (againNumbers.has(errno)) return { kind: "again", error: deliveryError("DELIVERY_FAILED", error) };
  if (rowNumbers.has(errno) || rowStates.has(sqlState.slice(0, 2))) {
    return { kind: "row", error: deliveryError("DELIVERY_REJECTED", error) };
  }
  return forAll(forEverything[errno] ?? "DELIVERY_FAILED", error);
}

export function isFromServer(error: unknown): error is ServerError {
  return error instanceof Error && "sqlState" in error && typeof error.sqlState === "string";
}

export const numberOf = (error: unknown): number | null => (isFromServer(error) ? error.errno : null);
