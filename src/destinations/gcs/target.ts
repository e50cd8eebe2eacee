/** fake-gcs-server behind a stand-in for Google's accounts, with a bucket for each place. */
import { Storage } from "@google-cloud/storage";
import { type FakeGcsFacts, recipe, recipeOnDisk } from "../../../test/servers/fake-gcs.ts";
import {
  isUnavailable,
  type RunningServer,
  type Unavailable,
  useServer,
} from "../../../test/servers/server.ts";
import type { Address, Arrival, Place, Target } from "../conformance/target.ts";
import { StandIn } from "./stand-in/server.ts";

/** The role in README.md, and all that the tests' account has. */
export const leastPermissions = ["storage.objects.create", "storage.objects.get", "storage.objects.delete"];

let count = 0;

type Bucket = ReturnType<Storage["bucket"]>;

export interface GcsPlace extends Place {
  /** Reads with Google's own client, past the stand-in. */
  readonly bucket: Bucket;
}

export interface GcsTarget extends Target {
  readonly running: RunningServer<FakeGcsFacts>;
  readonly standIn: StandIn;
  open(reached: Address): Promise<GcsPlace>;
}

export const startTarget = (): Promise<GcsTarget | Unavailable> => start(recipe);

/** A target that can be restarted; parts of names must be shorter than with Google. */
export async function startTargetOnDisk(): Promise<GcsTarget | Unavailable> {
  const target = await start(recipeOnDisk);
  return isUnavailable(target) ? target : { ...target, restart: () => target.running.restart() };
}

async function start(which: typeof recipe): Promise<GcsTarget | Unavailable> {
  const running = await useServer(which);
  if (isUnavailable(running)) return running;
  const standIn = await StandIn.before(running.facts.url);
  return {
    server: running.version,
    address: { host: "127.0.0.1", port: standIn.port },
    running,
    standIn,
    open: (reached) => openPlace(running, standIn, reached),
    close: () => standIn.close(),
  };
}

async function openPlace(
  { facts }: RunningServer<FakeGcsFacts>,
  { accounts }: StandIn,
  { host, port }: Address,
): Promise<GcsPlace> {
  const storage = new Storage({ apiEndpoint: facts.url, projectId: "systole-test" });
  const [bucket] = await storage.createBucket(`systole-${process.pid}-${Date.now()}-${count++}`);
  const endpoint = `http://${host}:${port}`;
  const tokenUrl = `${endpoint}/token`;
  const settingsWith = (service_account: string) => ({ bucket: bucket.name, endpoint, service_account });
  const lacking = (permission: string) => {
    const others = leastPermissions.filter((one) => one !== permission);
    return [permission, settingsWith(accounts.add(others, tokenUrl))] as const;
  };
  return {
    bucket,
    settings: settingsWith(accounts.add(leastPermissions, tokenUrl)),
    wrongCredentials: settingsWith(accounts.unknownKey(tokenUrl)),
    lacking: Object.fromEntries(leastPermissions.map(lacking)),
    arrivals: () => arrivals(bucket),
    close: async () => {},
  };
}

async function arrivals(bucket: Bucket): Promise<Arrival[]> {
  const [files] = await bucket.getFiles();
  return Promise.all(
    files
      .filter(({ name }) => !name.includes("/manifest/"))
      .map(async ({ metadata: { mediaLink, metadata } }) => {
        const { eventid, revision } = metadata ?? {};
        const response = await fetch(String(mediaLink));
        return {
          eventId: String(eventid),
          revision: revision === undefined ? null : Number(revision),
          json: await response.text(),
        };
      }),
  );
}
