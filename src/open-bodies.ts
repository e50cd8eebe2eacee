/** Opens the store of bodies that the configuration names. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { bodyPlace } from "./body-place.ts";
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";
import { createAddressGuard } from "./security/address-guard.ts";
import type { BodyStore } from "./store/bodies/body-store.ts";
import { directoryBodies } from "./store/bodies/directory.ts";
import { type OutsideBodies, outsideBodies } from "./store/bodies/outside.ts";
import type { Tables } from "./store/tables.ts";

/** The body store of a process, and where bodies of rows go there, the means to put them. */
export interface OpenedBodies {
  readonly bodies: BodyStore;
  readonly outside?: OutsideBodies;
}

export async function openBodies(
  config: Config,
  connectionString: string,
  opened: AsyncDisposableStack,
): Promise<OpenedBodies> {
  const place = bodyPlace(config);
  if (place.kind === "rows") return { bodies: directoryBodies(place.directory) };
  const bodies =
    place.kind === "bucket"
      ? await openBucket(place.url, place.incoming, config, opened)
      : directoryBodies(place.directory);
  return { bodies, outside: outsideBodies(openNotes(connectionString, opened), bodies) };
}

/** A pool of its own, small, since its statements are short. */
function openNotes(connectionString: string, opened: AsyncDisposableStack): Kysely<Tables> {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    application_name: "systole bodies",
    keepAlive: true,
  });
  pool.on("error", () => {});
  const notes = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  opened.defer(() => notes.destroy());
  return notes;
}

async function openBucket(
  url: URL,
  incoming: string,
  config: Config,
  opened: AsyncDisposableStack,
): Promise<BodyStore> {
  const opening = {
    url,
    prefix: prefixOf(url),
    incoming,
    config,
    guard: createAddressGuard({ allowPrivate: config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS }),
    opened,
  };
  if (url.protocol === "gs:") return openGcs(opening);
  return url.protocol === "azblob:" ? openAzure(opening) : openS3(opening);
}

const prefixOf = ({ pathname }: URL): string => {
  const prefix = pathname.slice(1);
  return prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
};

interface Opening {
  readonly url: URL;
  readonly prefix: string;
  readonly incoming: string;
  readonly config: Config;
  readonly guard: ReturnType<typeof createAddressGuard>;
  readonly opened: AsyncDisposableStack;
}

async function openS3({ url, prefix, incoming, config, guard, opened }: Opening): Promise<BodyStore> {
  // The vendor's client is large, and few need it.
  const [{ openClient }, { settings }, { s3Bodies }] = await Promise.all([
    import("./destinations/s3/client.ts"),
    import("./destinations/s3/settings.ts"),
    import("./store/bodies/s3.ts"),
  ]);
  const { region = "us-east-1", endpoint, path_style: isPathStyle } = Object.fromEntries(url.searchParams);
  const given = settings.safeParse({
    bucket: url.host,
    region,
    endpoint,
    ...(isPathStyle !== undefined && { path_style: isPathStyle === "true" }),
    access_key_id: config.SYSTOLE_BODY_STORE_ACCESS_KEY_ID,
    secret_access_key: config.SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY,
  });
  if (!given.success) throw invalid(given.error.issues);
  const { client, close } = openClient(given.data, guard);
  opened.defer(close);
  return s3Bodies({ client, bucket: given.data.bucket, prefix, incoming });
}

async function openGcs({ url, config, guard, opened, ...place }: Opening): Promise<BodyStore> {
  const [
    { readServiceAccount, serviceAccountSetting },
    { openTokens },
    { openHttp },
    { gcsApi, gcsScope },
    http,
  ] = await Promise.all([
    import("./destinations/kit/google/service-account.ts"),
    import("./destinations/kit/google/token.ts"),
    import("./destinations/kit/http.ts"),
    import("./store/bodies/gcs.ts"),
    import("./store/bodies/http-objects.ts"),
  ]);
  const given = serviceAccountSetting.safeParse(config.SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY);
  if (!given.success) throw invalid(given.error.issues);
  const tokenHttp = openHttp(guard);
  opened.defer(() => tokenHttp.close());
  const tokens = openTokens(readServiceAccount(given.data), gcsScope, tokenHttp);
  const endpoint = new URL(url.searchParams.get("endpoint") ?? "https://storage.googleapis.com");
  const api = gcsApi({ endpoint, bucket: url.host, tokens });
  const bodies = http.httpBodies(api, { context: guard, ...place });
  opened.defer(() => bodies.close());
  return bodies;
}

async function openAzure({ url, config, guard, opened, ...place }: Opening): Promise<BodyStore> {
  const [{ faultOfSas, readSas }, { azureApi }, http] = await Promise.all([
    import("./destinations/azure-blob/sas.ts"),
    import("./store/bodies/azure.ts"),
    import("./store/bodies/http-objects.ts"),
  ]);
  const { SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY: sasUrl = "" } = config;
  const fault = faultOfSas(sasUrl, url.host);
  if (fault !== null) throw invalid([{ path: ["SAS URL"], message: fault }]);
  const bodies = http.httpBodies(azureApi(readSas(sasUrl, url.host)), { context: guard, ...place });
  opened.defer(() => bodies.close());
  return bodies;
}

function invalid(
  issues: readonly { readonly path: PropertyKey[]; readonly message: string }[],
): SystoleError {
  const variables = issues.map((issue) => `SYSTOLE_BODY_STORE, ${issue.path.join(".")}: ${issue.message}`);
  return new SystoleError("CONFIG_INVALID", { variables });
}
