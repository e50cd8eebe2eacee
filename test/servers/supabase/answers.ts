/** The storage server's answers, in Supabase's own words. Refusals are 400s whose body names the reason. */
import type { ServerResponse } from "node:http";

export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(code: string, statusCode: number, message: string, error = code, status = 400) {
    super(message);
    this.status = status;
    this.body = { statusCode: String(statusCode), error, message, code };
  }
}

export const noSuchBucket = () => new Refusal("NoSuchBucket", 404, "Bucket not found", "Bucket not found");
export const noSuchKey = () => new Refusal("NoSuchKey", 404, "Object not found", "not_found");
export const accessDenied = (message: string) => new Refusal("AccessDenied", 403, message, "Unauthorized");
export const invalidRequest = (message: string) => new Refusal("InvalidRequest", 400, message, "Error");
export const invalidKey = (key: string) => new Refusal("InvalidKey", 400, `Invalid key: ${key}`);
export const invalidToken = (message: string) => new Refusal("InvalidJWT", 400, message);
export const bucketExists = () =>
  new Refusal("BucketAlreadyExists", 409, "The resource already exists", "Duplicate");
export const keyExists = () =>
  new Refusal("KeyAlreadyExists", 409, "The resource already exists", "Duplicate");
export const notEmpty = () =>
  new Refusal("ResourceNotEmpty", 409, "The bucket you tried to delete is not empty");
export const tooLarge = () =>
  new Refusal("EntityTooLarge", 413, "The object exceeded the maximum allowed size", "Payload too large");
export const wrongType = (type: string) =>
  new Refusal("InvalidMimeType", 415, `mime type ${type} is not supported`, "invalid_mime_type");

/** Translates PostgreSQL's refusal as the storage server does. */
export function fromDatabase(error: unknown, duplicate: () => Refusal): Refusal {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (code === "42501") {
    const rows = message.includes("row-level security");
    return accessDenied(rows ? "new row violates row-level security policy" : message);
  }
  if (code === "23505") return duplicate();
  const told = `database error, code: ${code}`;
  return new Refusal("DatabaseError", 500, told, "DatabaseError", 500);
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
