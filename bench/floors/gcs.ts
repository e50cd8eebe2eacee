/**
 * @google-cloud/storage: an object for each event, where nothing is yet. Google's client asks Google alone for
 * tokens, whatever the account's key says, so that it is given one, good for longer than a run.
 */
import { Storage } from "@google-cloud/storage";
import { readServiceAccount } from "../../src/destinations/gcs/service-account.ts";
import { openTokens } from "../../src/destinations/gcs/token.ts";
import { openHttp } from "../../src/destinations/guarded-http.ts";
import { createAddressGuard } from "../../src/security/address-guard.ts";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly bucket: string;
  readonly endpoint: string;
  readonly service_account: string;
}

type Interceptor = Storage["interceptors"][number];

export const open: OpenFloor<Settings> = async ({ bucket: name, endpoint, service_account }) => {
  const authorization = `Bearer ${await tokenFor(service_account)}`;
  const storage = new Storage({ apiEndpoint: endpoint, projectId: "floor" });
  const request: Interceptor["request"] = (asked) =>
    ({ ...asked, headers: { ...asked.headers, authorization } }) as ReturnType<Interceptor["request"]>;
  storage.interceptors.push({ request });
  const bucket = storage.bucket(name);
  const options = {
    resumable: false,
    contentType: "application/json",
    preconditionOpts: { ifGenerationMatch: 0 },
  };
  return {
    carry: (body, n) => bucket.file(`floor/${n}.json`).save(body, options),
    close: async () => {},
  };
};

async function tokenFor(serviceAccount: string): Promise<string> {
  const http = openHttp(createAddressGuard({ allowPrivate: true }));
  try {
    return await openTokens(readServiceAccount(serviceAccount), http).current();
  } finally {
    await http.close();
  }
}
