/** Opens the store of large bodies that the configuration names. */
import path from "node:path";
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";
import { createAddressGuard } from "./security/address-guard.ts";
import type { BodyStore } from "./store/bodies/body-store.ts";
import { directoryBodies } from "./store/bodies/directory.ts";

export async function openBodies(config: Config, opened: AsyncDisposableStack): Promise<BodyStore> {
  const { SYSTOLE_BODY_STORE: place = path.join(config.SYSTOLE_DATA_DIR, "bodies") } = config;
  if (!place.startsWith("s3://")) return directoryBodies(path.resolve(place));
  // The vendor's client is large, and few need it.
  const [{ openClient }, { settings }, { s3Bodies }] = await Promise.all([
    import("./destinations/s3/client.ts"),
    import("./destinations/s3/settings.ts"),
    import("./store/bodies/s3.ts"),
  ]);
  const url = new URL(place);
  const { region = "us-east-1", endpoint, path_style: isPathStyle } = Object.fromEntries(url.searchParams);
  const given = settings.safeParse({
    bucket: url.host,
    region,
    endpoint,
    ...(isPathStyle !== undefined && { path_style: isPathStyle === "true" }),
    access_key_id: config.SYSTOLE_BODY_STORE_ACCESS_KEY_ID,
    secret_access_key: config.SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY,
  });
  if (!given.success) {
    const variables = given.error.issues.map(
      (issue) => `SYSTOLE_BODY_STORE, ${issue.path.join(".")}: ${issue.message}`,
    );
    throw new SystoleError("CONFIG_INVALID", { variables });
  }
  const guard = createAddressGuard({ allowPrivate: config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS });
  const { client, close } = openClient(given.data, guard);
  opened.defer(close);
  const prefix = url.pathname.slice(1);
  return s3Bodies({
    client,
    bucket: given.data.bucket,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    incoming: path.join(config.SYSTOLE_DATA_DIR, "bodies", "incoming"),
  });
}
