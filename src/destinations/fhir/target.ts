/** HAPI FHIR's JPA server, with a partition of its own for each place. */
import type { JsonWebKey } from "node:crypto";
import { recipe } from "../../../test/servers/hapi.ts";
import {
  isUnavailable,
  type RunningServer,
  type Unavailable,
  useServer,
} from "../../../test/servers/server.ts";
import {
  type Address,
  endlessHttp,
  type Place,
  type Settings,
  type Target,
  type TargetBehaviour,
} from "../conformance/target.ts";
import { arrivalsOf, keptOfBundle, type StoredResource } from "./kept.fixture.ts";
import { permissions } from "./probes.ts";

export const behaviour: TargetBehaviour = {
  kind: "fhir",
  keeps: "newest",
  exact: "fields",
  holds: "record",
  oversizeBytes: null,
  endless: endlessHttp,
  asKept: keptOfBundle,
};

/** A place into which a test may look, as the user who may do anything. */
export interface FhirPlace extends Place {
  /** Sends a request to the partition; returns the answer's JSON. @throws Error with an answer that is no success */
  ask(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
}

export interface FhirTarget extends Target {
  /** The token endpoint of SMART Backend Services beside the server. */
  readonly tokenUrl: string;
  open(reached: Address): Promise<FhirPlace>;
  /** Gives the token endpoint a client's public keys. */
  registerClient(id: string, keys: readonly JsonWebKey[]): Promise<void>;
  /** Makes the tokens that the client has unknown. */
  revokeTokens(client: string): Promise<void>;
}

let count = 0;

export async function startTarget(): Promise<FhirTarget | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const auth = `http://${server.host}:${server.ports.http}/auth`;
  const asRoot = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(`${auth}/${path}`, {
      method,
      headers: { authorization: server.facts.root },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  };
  return {
    server: server.version,
    address: { host: server.host, port: server.ports.http as number },
    tokenUrl: `${auth}/token`,
    open: (reached) => openPlace(server, reached),
    registerClient: (id, keys) => asRoot("PUT", `clients/${id}`, { keys }),
    revokeTokens: (client) => asRoot("DELETE", `tokens/${client}`),
    restart: () => server.restart(),
    close: async () => {},
  };
}

type Server = RunningServer<{ readonly password: string; readonly root: string }>;

async function openPlace(server: Server, reached: Address): Promise<FhirPlace> {
  const id = (process.pid % 20_000) * 100_000 + count++;
  const partition = `P${id}`;
  const ask = asker(server);
  await ask("POST", "DEFAULT/$partition-management-create-partition", {
    resourceType: "Parameters",
    parameter: [
      { name: "id", valueInteger: id },
      { name: "name", valueCode: partition },
    ],
  });
  const { password } = server.facts;
  const settings: Settings = {
    base_url: `http://${reached.host}:${reached.port}/fhir/${partition}`,
    authorization: "basic",
    username: "systole",
    password,
  };
  const lacking = permissions.map((permission) => [
    permission,
    { ...settings, username: `systole,without ${permission}` },
  ]);
  const askHere: FhirPlace["ask"] = (method, path, body) => ask(method, `${partition}/${path}`, body);
  return {
    settings,
    wrongCredentials: { ...settings, password: "another" },
    lacking: Object.fromEntries(lacking),
    ask: askHere,
    arrivals: async () => arrivalsOf(await allResources(askHere)),
    close: async () => {},
  };
}

function asker({ host, ports, facts }: Server) {
  return async (method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(`http://${host}:${ports.http}/fhir/${path}`, {
      method,
      headers: {
        authorization: facts.root,
        "content-type": "application/fhir+json",
        "cache-control": "no-cache",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return parsed(text);
  };
}

/** TypeScript does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** Numbers keep their digits. */
const parsed = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text, (_, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? rawJSON(context?.source ?? String(value)) : value,
  );

interface Page {
  readonly entry?: readonly { readonly resource: StoredResource }[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
}

/** Observations come first: what they refer to was made with them or before, so that it is found by the later searches. */
async function allResources(ask: FhirPlace["ask"]): Promise<StoredResource[]> {
  const found: StoredResource[] = [];
  for (const type of ["Observation", "Device", "Patient"]) {
    let path: string | null = `${type}?_count=500`;
    while (path !== null) {
      const { entry = [], link = [] } = (await ask("GET", path)) as Page;
      found.push(...entry.map(({ resource }) => resource));
      const next = link.find(({ relation }) => relation === "next");
      path =
        next === undefined
          ? null
          : new URL(next.url).pathname.split("/").slice(3).join("/") + new URL(next.url).search;
    }
  }
  return found;
}
