/**
 * @google-cloud/firestore: a document for each event, over REST, because the test's stand-in for Google's
 * accounts requires it.
 */
import { Firestore } from "@google-cloud/firestore";
import { accessToken } from "./access-token.ts";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly project_id: string;
  readonly endpoint: string;
  readonly service_account: string;
}

export const open: OpenFloor<Settings> = async ({ project_id: projectId, endpoint, service_account }) => {
  const token = await accessToken(service_account, "datastore");
  const firestore = new Firestore({
    projectId,
    host: new URL(endpoint).host,
    ssl: false,
    preferRest: true,
    customHeaders: { Authorization: `Bearer ${token}` },
    auth: { fetch, getRequestHeaders: async () => new Headers() },
  });
  const payloads = firestore.collection("floor_payloads");
  return {
    async carry(body) {
      await payloads.doc().create(JSON.parse(body.toString()));
    },
    close: () => firestore.terminate(),
  };
};
