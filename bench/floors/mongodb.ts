/** mongodb: a document for each event, acknowledged by a majority. */
import { MongoClient } from "mongodb";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly host: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly auth_source: string;
}

export const open: OpenFloor<Settings> = async ({ host, database, auth_source, ...auth }) => {
  const client = new MongoClient(`mongodb://${host}/`, { auth, authSource: auth_source });
  await client.connect();
  const payloads = client.db(database).collection("floor_payloads", { writeConcern: { w: "majority" } });
  return {
    async carry(body) {
      await payloads.insertOne(JSON.parse(body.toString()));
    },
    close: () => client.close(),
  };
};
