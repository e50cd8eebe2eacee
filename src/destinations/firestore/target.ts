/** Google's emulator behind a stand-in for Google's accounts, with a project for each place. */
import { type DocumentData, Firestore } from "@google-cloud/firestore";
import { recipe } from "../../../test/servers/firestore.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import {
  type Address,
  type Arrival,
  endlessHttp,
  type Place,
  type Target,
  type TargetBehaviour,
} from "../conformance/target.ts";
import { identityIndex } from "./stand-in/identity-index.ts";
import { StandIn } from "./stand-in/server.ts";

/** The role in README.md, and all that the tests' account has. */
export const leastPermissions = ["create", "get", "list", "update"].map(
  (verb) => `datastore.entities.${verb}`,
);

/** The same for the format `fhir`. */
export const fhirPermissions = [...leastPermissions, "datastore.entities.delete"];

export const behaviour: TargetBehaviour = {
  kind: "firestore",
  keeps: "newest",
  exact: "fields",
  fhir: "resources",
  holds: "record",
  endless: endlessHttp,
  oversizeBytes: 1_048_577,
  // Fields weigh more than their JSON: a sample of 60 bytes is 88.
  fitsBytes: 700_000,
};

/** Google's client needs no credentials without TLS, and must not search the network for them. */
process.env.METADATA_SERVER_DETECTION = "none";

let count = 0;

/** A place whose database a test may look into. */
export interface FirestorePlace extends Place {
  readonly firestore: Firestore;
}

export interface FirestoreTarget extends Target {
  readonly standIn: StandIn;
  /** Its address. */
  readonly emulator: string;
  open(reached: Address): Promise<FirestorePlace>;
}

export async function startTarget(): Promise<FirestoreTarget | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const standIn = await StandIn.before(server.facts.url);
  return {
    server: server.version,
    address: { host: "127.0.0.1", port: standIn.port },
    standIn,
    emulator: server.facts.url,
    open: async (reached) => openPlace(new URL(server.facts.url), standIn, reached),
    close: () => standIn.close(),
  };
}

/** A target for measurements: as with Firestore, its queries do not become slower with every document. */
export async function startIndexedTarget(): Promise<FirestoreTarget | Unavailable> {
  const target = await startTarget();
  if (!isUnavailable(target)) target.standIn.intercept = identityIndex(target.emulator);
  return target;
}

function openPlace(emulator: URL, { accounts }: StandIn, { host, port }: Address): FirestorePlace {
  const project_id = `systole-${process.pid}-${Date.now()}-${count++}`;
  const endpoint = `http://${host}:${port}`;
  const tokenUrl = `${endpoint}/token`;
  const settingsWith = (service_account: string) => ({ project_id, endpoint, service_account });
  const lacking = (permission: string) => {
    const others = leastPermissions.filter((one) => one !== permission);
    return [permission, settingsWith(accounts.add(others, tokenUrl))] as const;
  };
  const firestore = new Firestore({
    projectId: project_id,
    host: emulator.hostname,
    port: Number(emulator.port),
    ssl: false,
    useBigInt: true,
  });
  return {
    firestore,
    settings: settingsWith(accounts.add(leastPermissions, tokenUrl)),
    fhir: settingsWith(accounts.add(fhirPermissions, tokenUrl)),
    wrongCredentials: settingsWith(accounts.unknownKey(tokenUrl)),
    lacking: Object.fromEntries(leastPermissions.map(lacking)),
    arrivals: () => arrivals(firestore),
    drop: () => firestore.recursiveDelete(firestore.collection("terra")),
    close: () => firestore.terminate(),
  };
}

async function arrivals(firestore: Firestore): Promise<Arrival[]> {
  const collections = await firestore.doc("terra/2022-03-16").listCollections();
  const all = await Promise.all(
    collections.map(async (collection) => {
      const { docs } = await collection.get();
      return docs
        .map((document) => document.data())
        .filter((data) => isArrival(collection.id, data))
        .map((data) => arrival(collection.id, data));
    }),
  );
  return all.flat();
}

/** Of what a record is in FHIR, its Observations: the others are of several records. */
const isArrival = (collection: string, { resourceType }: DocumentData): boolean =>
  !collection.startsWith("fhir_") || resourceType === "Observation";

function arrival(collection: string, { systole, user, ...fields }: DocumentData): Arrival {
  const { event_id: eventId, revision, json } = systole;
  const own = collection === "user_events" ? { user, ...fields } : fields;
  return {
    eventId,
    revision: revision === undefined ? null : Number(revision),
    json: json ?? stringify(own),
  };
}

/** TypeScript does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

const stringify = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? rawJSON(String(each)) : each));
