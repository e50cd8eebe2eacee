/** Every setting of the process, declared once: parsing, docs and masking read this file. */
import path from "node:path";
import { z } from "zod";
import { SystoleError } from "./errors.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1");
const roles = z
  .string()
  .transform((list) => list.split(",").map((role) => role.trim()))
  .pipe(z.array(z.enum(["api", "worker"])).min(1));
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const networks = z
  .string()
  .transform((list) => list.split(",").map((network) => network.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])));
const formats = z
  .string()
  .transform((list) => list.split(",").map((format) => format.trim().toLowerCase()))
  .pipe(z.array(z.string().regex(/^[a-z0-9]+$/)).min(1));
const secretKey = z
  .base64()
  .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64");

/** `postgres`, a directory, or the address of a bucket. */
const bodyStore = z
  .string()
  .min(1)
  .refine(
    (text) =>
      !/^\w+:/.test(text) ||
      /^file:(?:\/\/)?[^?#]+$/.test(text) ||
      /^(?:s3|gs|azblob):\/\/[^/?#@]+(?:[/?]|$)/.test(text),
    "must be postgres, file:<directory>, s3://…, gs://… or azblob://…",
  );

/**
 * Replaces TLS modes that the driver verifies today but warns about; with the explicit mode it verifies
 * without a warning.
 */
function verifyingTls(text: string): string {
  const url = new URL(text);
  const mode = url.searchParams.get("sslmode") ?? "";
  if (!["prefer", "require", "verify-ca"].includes(mode) || url.searchParams.has("uselibpqcompat"))
    return text;
  url.searchParams.set("sslmode", "verify-full");
  return url.href;
}

/** `.describe` is the docs' text; `secret` values are masked wherever settings are shown. */
export const settings = {
  SYSTOLE_PORT: port.default(8080).describe("Port of the HTTP server; 0 takes any free one."),
  SYSTOLE_HOST: z.string().min(1).default("127.0.0.1").describe("Address the server listens on."),
  SYSTOLE_PUBLIC_URL: httpUrl
    .optional()
    .describe("Public URL at which browsers and providers reach this server."),
  SYSTOLE_DATA_DIR: z
    .string()
    .min(1)
    .default("./data")
    .transform((directory) => path.resolve(directory))
    .describe("Directory of the embedded PostgreSQL and of generated secrets."),
  SYSTOLE_BODY_STORE: bodyStore
    .default("postgres")
    .describe(
      "Where bodies are kept: `postgres`, where only uploads over 8 MB are files (`bodies` in the data directory); `file:<directory>`; or `s3://bucket/prefix?region=…`, with `&endpoint=…` for other servers with S3's protocol; `gs://bucket/prefix`; `azblob://container/prefix`. Several processes have to share it. See [the guide](guides/bodies.md).",
    ),
  SYSTOLE_BODY_STORE_ACCESS_KEY_ID: z
    .string()
    .min(1)
    .optional()
    .describe("The access key of SYSTOLE_BODY_STORE, where it is S3."),
  SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe(
      "The secret of that access key; for `gs://` a service account's key, the whole JSON file; for `azblob://` a SAS URL.",
    ),
  SYSTOLE_KEEP_FILES: formats
    .optional()
    .describe(
      "Formats of workout files that are fetched and kept, separated by commas: `fit` leaves out the TCX and GPX of a workout that has a FIT file. A workout with no file in one of them keeps those it has. All by default.",
    ),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .transform(verifyingTls)
    .optional()
    .meta({ secret: true })
    .describe(
      "A PostgreSQL ≥ 15 of your own; the embedded one is used without it. Every sslmode but disable and no-verify verifies the server's certificate and name.",
    ),
  SYSTOLE_SECRET_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "32 bytes in base64 that seal every secret at rest; generated in the data directory if absent.",
    ),
  SYSTOLE_SECRET_KEY_PREVIOUS: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "The former secret key, which still opens what it sealed until `systole rotate-key` has finished.",
    ),
  SYSTOLE_DEV_ID: z.string().min(1).max(128).optional().describe("dev-id of the first environment."),
  SYSTOLE_API_KEY: z.string().min(1).optional().meta({ secret: true }).describe("Its x-api-key."),
  SYSTOLE_ADMIN_TOKEN: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe(
      "Bearer token of /admin/v1; replaces the one in force, including a generated one. Generated and printed once if there is none.",
    ),
  SYSTOLE_ADMIN_PORT: port
    .optional()
    .describe("Serves /admin/v1 and /metrics on a port of their own, and no longer on SYSTOLE_PORT."),
  SYSTOLE_ADMIN_HOST: z
    .string()
    .min(1)
    .optional()
    .describe("Address that SYSTOLE_ADMIN_PORT listens on; SYSTOLE_HOST if absent."),
  SYSTOLE_TRUSTED_PROXIES: networks
    .optional()
    .describe("Addresses or networks, separated by commas, whose X-Forwarded-For is believed."),
  SYSTOLE_AUDIT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(31)
    .default(730)
    .describe("Days that the audit log is kept; 31 or more."),
  SYSTOLE_ROLES: roles.default(["api", "worker"]).describe("What this process does: api, worker, or both."),
  SYSTOLE_METRICS_PORT: port
    .optional()
    .describe("Serves /healthz, /readyz and /metrics alone: for processes that only run workers."),
  SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: flag
    .default(false)
    .describe(
      "Lets destinations and providers have private or loopback addresses, and providers plain http.",
    ),
  SYSTOLE_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("How much is logged."),
  SYSTOLE_FHIR_BASE: httpUrl
    .optional()
    .describe(
      "Canonical URL of our own FHIR codes; `/fhir` below SYSTOLE_PUBLIC_URL by default. Changing it changes the identifiers of resources already sent.",
    ),
  SANDBOX_PORT: port.default(8090).describe("Port of `npm run sandbox`."),
} as const;

const schema = z.object(settings);
export type Config = z.output<typeof schema>;

/** @throws SystoleError CONFIG_INVALID naming each wrong variable. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const variables = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new SystoleError("CONFIG_INVALID", { variables });
}
