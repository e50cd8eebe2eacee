/** Who asks: the developer's server with a key, or a person's app with a token. */
import type { FastifyRequest } from "fastify";
import { SystoleError } from "../errors.ts";
import { connectionOfToken } from "../ingest/upload-connection.ts";
import type { Provider } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { type Connection, findConnection } from "../store/connections.ts";
import { environmentOfKey, environmentWithKey } from "../store/environments.ts";
import { isUuid } from "../store/identifiers.ts";
import type { Database } from "../store/tables.ts";

/** The upload format of the SDKs' bodies, in every provider that takes them. */
export const sdkFormat = "open-wearables";

const takesSdkBodies = ({ uploads = {} }: Provider): boolean => Object.hasOwn(uploads, sdkFormat);

export interface AppCredentials {
  readonly app_id?: string | undefined;
  readonly app_secret?: string | undefined;
}

/**
 * Returns the environment of the developer's server: by `app_id` and `app_secret`, which are the dev-id and an API key,
 * or by the key alone in a header.
 * @throws SystoleError CREDENTIALS_MISSING, CREDENTIALS_INVALID
 */
export async function environmentOfDeveloper(
  db: Database,
  request: FastifyRequest,
  { app_id: devId, app_secret: secret }: AppCredentials = {},
): Promise<string> {
  const key = keyIn(request) ?? secret ?? null;
  if (key === null) throw new SystoleError("CREDENTIALS_MISSING");
  const environmentId =
    devId === undefined
      ? await environmentWithKey(db, key)
      : ((await environmentOfKey(db, devId, key))?.environment.environment_id ?? null);
  if (environmentId === null) throw new SystoleError("CREDENTIALS_INVALID");
  return environmentId;
}

/** @throws SystoleError USER_NOT_FOUND, also for a person whose provider takes no such bodies */
export async function connectionNamed(
  db: Database,
  environmentId: string,
  userId: string,
): Promise<Connection> {
  const connection = isUuid(userId) ? await findConnection(db, { environmentId, userId }) : null;
  const provider = providers.find(({ slug }) => slug === connection?.provider);
  if (connection === null || provider === undefined || !takesSdkBodies(provider)) {
    throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  }
  return connection;
}

/**
 * Returns the connection that an app pushes for.
 * @throws SystoleError UPLOAD_TOKEN_…, UPLOAD_CONNECTION_ENDED, UPLOAD_TOKEN_OF_ANOTHER, CREDENTIALS_INVALID,
 * USER_NOT_FOUND
 */
export async function connectionOfApp(
  db: Database,
  request: FastifyRequest,
  userId: string,
): Promise<Connection> {
  const token = tokenIn(request);
  if (token === null && keyIn(request) !== null) {
    return connectionNamed(db, await environmentOfDeveloper(db, request), userId);
  }
  const connection = await connectionOfToken(db, providers.filter(takesSdkBodies), token);
  if (connection.user_id !== userId.toLowerCase()) throw new SystoleError("UPLOAD_TOKEN_OF_ANOTHER");
  return connection;
}

/** The SDKs send the token with and without `Bearer`. */
function tokenIn({ headers }: FastifyRequest): string | null {
  return /^(?:Bearer\s+)?(\S+)$/i.exec(headers.authorization?.trim() ?? "")?.[1] ?? null;
}

function keyIn({ headers }: FastifyRequest): string | null {
  const key = headers["x-open-wearables-api-key"];
  return typeof key === "string" && key !== "" ? key : null;
}
