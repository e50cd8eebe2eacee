/** Finds the environment of a request: by dev-id and key, or as an operator names it. */
import type { FastifyRequest } from "fastify";
import { SystoleError } from "../errors.ts";
import { hashSecret } from "../security/secrets.ts";
import {
  type Environment,
  environmentOfKey,
  findEnvironment,
  firstEnvironment,
} from "../store/environments.ts";
import type { Database } from "../store/tables.ts";
import { fieldInvalid } from "./field-invalid.ts";

declare module "fastify" {
  interface FastifyRequest {
    environment: Environment | null;
  }
}

/** Returns the environment to which this request belongs. Routes below an authenticating hook always have one. */
export function environmentOf(request: FastifyRequest): Environment {
  if (request.environment === null) throw new SystoleError("CREDENTIALS_MISSING");
  return request.environment;
}

export const environmentIdOf = (request: FastifyRequest): string => environmentOf(request).environment_id;

const cacheMs = 5_000;
const cacheSize = 1_000;

/**
 * Checks keys, and caches valid ones for a few seconds. The process that revokes a key refuses it at once, and every
 * other within that time.
 */
export class KeyCheck {
  readonly #db: Database;
  readonly #known = new Map<string, { environment: Environment; until: number }>();

  constructor(db: Database) {
    this.#db = db;
  }

  forgetAll(): void {
    this.#known.clear();
  }

  /**
   * By default the credentials are those in the headers.
   * @throws SystoleError CREDENTIALS_MISSING, CREDENTIALS_INVALID
   */
  async authenticate(request: FastifyRequest, given = keyInHeaders(request)): Promise<Environment> {
    if (given === null) throw new SystoleError("CREDENTIALS_MISSING");
    const { devId, key } = given;
    // Hashed, so that neither the map nor a heap dump contains keys; the length separates the two.
    const name = hashSecret(`${devId.length}:${devId}${key}`).toString("base64");
    const known = this.#known.get(name);
    if (known !== undefined && known.until > Date.now()) return known.environment;
    const opened = await environmentOfKey(this.#db, devId, key);
    if (opened === null) throw new SystoleError("CREDENTIALS_INVALID");
    const { environment, keyMs } = opened;
    if (this.#known.size >= cacheSize) this.#known.clear();
    this.#known.set(name, { environment, until: Date.now() + Math.min(cacheMs, keyMs ?? cacheMs) });
    return environment;
  }
}

export interface GivenKey {
  readonly devId: string;
  readonly key: string;
}

/** Returns null where one of the two headers is missing. */
export function keyInHeaders(request: FastifyRequest): GivenKey | null {
  const [devId, key] = [header(request, "dev-id"), header(request, "x-api-key")];
  return devId === null || key === null ? null : { devId, key };
}

/**
 * Returns the environment that an operator names by its dev-id, in the query or as a header; without a name, the first.
 * @throws SystoleError RESOURCE_NOT_FOUND, REQUEST_INVALID where the two disagree
 */
export async function chooseEnvironment(db: Database, request: FastifyRequest): Promise<Environment> {
  const { environment: named } = Object(request.query) as { environment?: unknown };
  const inHeader = header(request, "dev-id");
  if (named !== undefined && (typeof named !== "string" || named === "")) throw unclear("is not one dev-id");
  if (named !== undefined && inHeader !== null && named !== inHeader) {
    throw unclear("and the dev-id header name two environments");
  }
  const devId = named ?? inHeader;
  const environment = devId === null ? await firstEnvironment(db) : await findEnvironment(db, devId);
  if (environment === null) throw new SystoleError("RESOURCE_NOT_FOUND", { environment: devId });
  return environment;
}

const unclear = (problem: string): SystoleError => fieldInvalid("query", "environment", problem);

export function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}
