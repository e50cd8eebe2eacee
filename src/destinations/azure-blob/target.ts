/** Azurite, with a container for each place and shared access signatures with chosen permissions. */
import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { type AzuriteFacts, recipe } from "../../../test/servers/azurite.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import type { Address, Arrival, Place, Target } from "../conformance/target.ts";

/** The permissions that README.md tells to grant, and all that the tests' SAS has. */
export const leastPermissions = "rw";
/** With the permission to remove an object at a former name. */
const usualPermissions = "rwd";

export interface AzurePlace extends Place {
  /** Reads with Microsoft's own client and the account's key. */
  readonly container: ContainerClient;
  /** A SAS URL of the container, for an hour unless told otherwise. */
  sasUrl(permissions: string, time?: { readonly startsOn?: Date; readonly expiresOn?: Date }): string;
}

export interface AzureTarget extends Target {
  open(reached: Address): Promise<AzurePlace>;
}

let count = 0;
const hourMs = 3_600_000;

export async function startTarget(): Promise<AzureTarget | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const { host, ports, version, facts } = server;
  return {
    server: version,
    address: { host, port: ports.blob as number },
    open: (reached) => openPlace(facts, reached),
    close: async () => {},
  };
}

async function openPlace({ url, account, key }: AzuriteFacts, reached: Address): Promise<AzurePlace> {
  const credential = new StorageSharedKeyCredential(account, key);
  const name = `systole-${process.pid}-${Date.now()}-${count++}`;
  const { containerClient: container } = await new BlobServiceClient(url, credential).createContainer(name);
  const sasUrl: AzurePlace["sasUrl"] = (permissions, time) => {
    const signature = generateBlobSASQueryParameters(
      {
        containerName: name,
        permissions: ContainerSASPermissions.parse(permissions),
        expiresOn: new Date(Date.now() + hourMs),
        ...time,
      },
      credential,
    );
    return `http://${reached.host}:${reached.port}/${account}/${name}?${signature}`;
  };
  const wrongCredentials = new URL(sasUrl(leastPermissions));
  wrongCredentials.searchParams.set("sig", Buffer.from("of somebody else").toString("base64"));
  return {
    container,
    sasUrl,
    settings: { sas_url: sasUrl(usualPermissions) },
    wrongCredentials: { sas_url: wrongCredentials.href },
    // `c`, which allows new blobs only, is not enough.
    lacking: { "r (read)": { sas_url: sasUrl("cw") }, "w (write)": { sas_url: sasUrl("rc") } },
    arrivals: () => arrivals(container),
    close: async () => {},
  };
}

async function arrivals(container: ContainerClient): Promise<Arrival[]> {
  const found: Arrival[] = [];
  for await (const { name } of container.listBlobsFlat()) {
    if (name.includes("/manifest/")) continue;
    const blob = container.getBlobClient(name);
    const { eventid, revision } = (await blob.getProperties()).metadata ?? {};
    found.push({
      eventId: String(eventid),
      revision: revision === undefined ? null : Number(revision),
      json: (await blob.downloadToBuffer()).toString("utf8"),
    });
  }
  return found;
}
