/** mongo-java-server, with a database and users of its own for each place. */
import { type Db, type Document, MongoClient } from "mongodb";
import { recipe } from "../../../test/servers/mongodb.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import type { Address, Arrival, Place, Settings, Target, TargetBehaviour } from "../conformance/target.ts";
import type { OutgoingEvent } from "../destination.ts";
import { collections, fhirCollections } from "../kit/documents/entries.ts";

export const behaviour: TargetBehaviour = {
  kind: "mongodb",
  keeps: "newest",
  exact: "fields",
  fhir: "resources",
  holds: "record",
  // A message of two gigabytes.
  endless: { begins: Buffer.from([0xff, 0xff, 0xff, 0x7f]), settings: { tls: false } },
  oversizeBytes: 16 * 1_024 * 1_024,
  // In BSON, each number in a list has the digits of its position beside it.
  fitsBytes: 12 * 1_024 * 1_024,
};

/** The role in README.md, and all that the tests' user has. */
export const leastActions = ["find", "insert", "update", "createIndex"];

/** The same for the format `fhir`. */
export const fhirActions = [...leastActions, "remove"];

/** A reference id that the collection's validator refuses, as a developer's own validator may. */
const unwanted = "a person the validator refuses";

let count = 0;

/** A place whose database a test may look into, as the superuser. */
export interface MongoPlace extends Place {
  readonly db: Db;
}

export interface MongoTarget extends Target {
  readonly tlsPort: number;
  /** The authority of the certificate on that port. */
  readonly ca: string;
  open(reached: Address): Promise<MongoPlace>;
}

export async function startTarget(): Promise<MongoTarget | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const client = new MongoClient(server.facts.url);
  return {
    server: server.version,
    address: { host: server.host, port: server.ports.plain as number },
    tlsPort: server.ports.tls as number,
    ca: server.facts.ca,
    open: (reached) => openPlace(client, reached),
    restart: () => server.restart(),
    close: () => client.close(),
  };
}

async function openPlace(client: MongoClient, reached: Address): Promise<MongoPlace> {
  const db = client.db(`systole_${process.pid}_${Date.now()}_${count++}`);
  await db.createCollection("sleep", { validator: { "user.reference_id": { $ne: unwanted } } });
  const settings = await settingsOf(db, "systole", leastActions, reached);
  const fhir = await settingsOf(db, "systole_fhir", fhirActions, reached);
  const lacking = leastActions.map(async (action) => {
    const others = leastActions.filter((one) => one !== action);
    return [action, await settingsOf(db, `without_${action}`, others, reached)] as const;
  });
  return {
    db,
    settings,
    fhir,
    wrongCredentials: { ...settings, password: "another" },
    lacking: Object.fromEntries(await Promise.all(lacking)),
    arrivals: () => arrivals(db),
    drop: async () => {
      for (const { name } of await db.listCollections().toArray()) await db.dropCollection(name);
    },
    poison: poisoned,
    close: async () => {
      await db.dropDatabase();
    },
  };
}

/** Settings of a new user who has just these actions on all collections of the database. */
export async function settingsOf(
  db: Db,
  username: string,
  actions: readonly string[],
  { host, port }: Address,
): Promise<Settings> {
  const resource = { db: db.databaseName, collection: "" };
  await db.command({ createRole: username, privileges: [{ resource, actions }], roles: [] });
  await db.command({ createUser: username, pwd: "test", roles: [username] });
  const database = db.databaseName;
  return {
    host: `${host}:${port}`,
    database,
    username,
    password: "test",
    auth_source: database,
    tls: false,
  };
}

function poisoned(event: OutgoingEvent): OutgoingEvent {
  const text = event.body.toString("utf8");
  const given = JSON.stringify(event.referenceId);
  return {
    ...event,
    referenceId: unwanted,
    body: Buffer.from(text.replace(given, JSON.stringify(unwanted))),
  };
}

async function arrivals(db: Db): Promise<Arrival[]> {
  const all = await Promise.all(
    [...collections, ...fhirCollections].map(async (collection) => {
      const documents = await db.collection(collection).find({}, { useBigInt64: true }).toArray();
      return documents
        .filter((one) => isArrival(collection, one))
        .map((document) => arrival(collection, document));
    }),
  );
  return all.flat();
}

/** Of what a record is in FHIR, its Observations: the others are of several records. */
const isArrival = (collection: string, { resourceType }: Document): boolean =>
  !collection.startsWith("fhir_") || resourceType === "Observation";

function arrival(collection: string, { _id, systole, user, ...fields }: Document): Arrival {
  const { event_id: eventId, revision, json } = systole;
  const own = collection === "user_events" ? { user, ...fields } : fields;
  return { eventId, revision: revision ?? null, json: json ?? stringify(own) };
}

/** TypeScript does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

const stringify = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? rawJSON(String(each)) : each));
