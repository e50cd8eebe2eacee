/** The meaning of each answer, given by a server that answers as the test says. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { shownSettings } from "../../api/admin/masking.ts";
import { mask } from "../../security/url-masking.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import supabase from "./index.ts";

interface Told {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const bucket: Told = { body: { id: "terra-payloads", public: false, file_size_limit: null } };
const object: Told = { body: { Key: "terra-payloads/x", Id: "x" } };
const taken: Told = { body: { taken: [], superseded: [] } };

/** A sender to a project with good answers, except these. */
async function project(answers: { bucket?: Told; object?: Told; take?: Told }): Promise<Sender> {
  const all = { bucket, object, take: taken, ...answers };
  const server = createServer((request, response) => {
    request.resume();
    const { url = "" } = request;
    if (url.startsWith("/storage/v1/bucket")) answer(response, all.bucket);
    else answer(response, url.startsWith("/rest/v1/rpc/systole_take") ? all.take : all.object);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = parseSettings(supabase, { url, service_role_key: "sb_secret_x" });
  const sender = supabase.connect(settings, openGuard);
  ends.push(async () => {
    await sender.close();
    server.closeAllConnections();
    server.close();
  });
  return sender;
}

function answer(response: ServerResponse, { status = 200, body = "", headers = {} }: Told): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

const storage = (statusCode: number, code: string, message: string): Told => ({
  status: 400,
  body: { statusCode: String(statusCode), error: code, message, code },
});
const postgrest = (status: number, code: string, message: string): Told => ({
  status,
  body: { code, message, details: "Key (user_id)=(a secret) is not present", hint: null },
});
const page: Told = { status: 502, body: "<html>Bad gateway</html>" };

const later = (code: string) => ({ code, retry: "later" });

describe("the answers of the storage server", () => {
  it.each([
    [storage(403, "AccessDenied", "signature verification failed"), later("DESTINATION_CREDENTIALS_REFUSED")],
    [
      storage(403, "AccessDenied", '"exp" claim timestamp check failed'),
      later("DESTINATION_CREDENTIALS_REFUSED"),
    ],
    [{ status: 401, body: { message: "Invalid API key" } }, later("DESTINATION_CREDENTIALS_REFUSED")],
    [
      storage(403, "AccessDenied", "new row violates row-level security policy"),
      later("DESTINATION_PERMISSION_MISSING"),
    ],
    [storage(404, "NoSuchBucket", "Bucket not found"), later("DESTINATION_TARGET_MISSING")],
    [storage(413, "EntityTooLarge", "The object exceeded…"), { code: "DELIVERY_TOO_LARGE", retry: "never" }],
    [storage(415, "InvalidMimeType", "mime type is not supported"), later("DELIVERY_FAILED")],
    [storage(423, "ResourceLocked", "The resource is locked"), later("DELIVERY_FAILED")],
    [storage(429, "SlowDown", "Too many connections"), later("DELIVERY_FAILED")],
    [{ status: 544, body: { code: "DatabaseTimeout", message: "timed out" } }, later("DELIVERY_FAILED")],
    [{ status: 540, body: "Project paused" }, later("DELIVERY_FAILED")],
    [page, later("DELIVERY_FAILED")],
    [{ status: 302, headers: { location: "/" } }, later("DELIVERY_FAILED")],
    [{ body: "<html>a login page</html>" }, later("DELIVERY_FAILED")],
    [{ body: {} }, later("DELIVERY_FAILED")],
  ])("%j to an object", async (told, expected) => {
    const sender = await project({ object: told });
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(expected);
  });

  it.each([page, { body: "<html>a login page</html>" }, { body: [] }])("%j to the bucket", async (told) => {
    const sender = await project({ bucket: told });
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(later("DELIVERY_FAILED"));
  });
});

describe("the answers of PostgREST", () => {
  it.each([
    [postgrest(401, "PGRST301", "JWSError JWSInvalidSignature"), later("DESTINATION_CREDENTIALS_REFUSED")],
    [postgrest(401, "PGRST303", "JWT expired"), later("DESTINATION_CREDENTIALS_REFUSED")],
    [postgrest(401, "22023", 'role "nobody" does not exist'), later("DESTINATION_CREDENTIALS_REFUSED")],
    [
      postgrest(403, "42501", "permission denied for table terra_users"),
      later("DESTINATION_PERMISSION_MISSING"),
    ],
    [postgrest(404, "PGRST202", "Could not find the function"), later("DESTINATION_TARGET_MISSING")],
    [postgrest(404, "42P01", 'relation "terra_users" does not exist'), later("DESTINATION_TARGET_MISSING")],
    [postgrest(406, "PGRST106", "The schema must be one of"), later("DELIVERY_FAILED")],
    [postgrest(400, "22P02", "invalid input syntax"), { code: "DELIVERY_REJECTED", retry: "never" }],
    [postgrest(400, "23514", "violates check constraint"), { code: "DELIVERY_REJECTED", retry: "never" }],
    [postgrest(400, "P0001", "not on Sundays"), { code: "DELIVERY_REJECTED", retry: "never" }],
    [postgrest(409, "23503", "violates foreign key constraint"), later("DELIVERY_FAILED")],
    [postgrest(500, "40P01", "deadlock detected"), later("DELIVERY_FAILED")],
    [postgrest(500, "57014", "canceling statement due to statement timeout"), later("DELIVERY_FAILED")],
    [postgrest(503, "PGRST001", "Database connection error"), later("DELIVERY_FAILED")],
    [page, later("DELIVERY_FAILED")],
    [{ body: "" }, later("DELIVERY_FAILED")],
    [{ body: {} }, later("DELIVERY_FAILED")],
  ])("%j", async (told, expected) => {
    const sender = await project({ take: told });
    const thrown = await failure(sender.deliver(dataEvent(), deadline()));
    expect(thrown).toMatchObject(expected);
    // PostgreSQL quotes the row, which is the person's data.
    expect(JSON.stringify([thrown.receipt, thrown.details])).not.toContain("a secret");
  });

  it("may say when to come again", async () => {
    const sender = await project({ take: { ...page, headers: { "retry-after": "7" } } });
    expect((await failure(sender.deliver(dataEvent(), deadline()))).retryAfterMs).toBe(7_000);
  });
});

describe("settings", () => {
  const valid = { url: "https://project.supabase.co", service_role_key: "sb_secret_x" };

  it.each([
    {},
    { url: "http://127.0.0.1:8000/supabase/" },
    { role_token: "a.b.c", bucket: "payloads-2" },
    { database_url: "postgresql://postgres.ref:p%40ss@db.project.supabase.co:5432/postgres" },
    { database_url: "postgres://u:p@[2001:db8::1]/postgres?sslmode=disable" },
  ])("%j is fine", (given) => {
    expect(supabase.settings.safeParse({ ...valid, ...given }).success).toBe(true);
  });

  it.each([
    { url: "ftp://project.supabase.co" },
    { url: "https://user:secret@project.supabase.co" },
    { url: "https://project.supabase.co?key=secret" },
    { service_role_key: "" },
    { service_role_key: "two words" },
    { service_role_key: "line\nbreak" },
    { bucket: "a/b" },
    { bucket: ".." },
    { bucket: "" },
    { database_url: "mysql://u:p@host/db" },
    { database_url: "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/db" },
    { ca: "no certificate" },
    { extra: true },
  ])("%j is refused", (given) => {
    expect(supabase.settings.safeParse({ ...valid, ...given }).success).toBe(false);
  });

  it("marks its secrets", () => {
    const secrets = {
      service_role_key: "sb_secret_x",
      role_token: "a.b.c",
      database_url: "postgres://u:p@h/d",
    };
    const shown = shownSettings(supabase.settings, { ...valid, ...secrets });
    expect(shown).toEqual({ url: valid.url, service_role_key: mask, role_token: mask, database_url: mask });
  });
});
