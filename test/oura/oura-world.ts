/** A Systole that knows Oura's sandbox, with a person connected there. */
import type { Provider } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import { startSandboxes } from "../../src/sandbox/start.ts";
import { type Hub, startHub } from "../invented/hub.ts";
import { type SandboxControl, sandboxControl } from "../support/sandbox-control.ts";
import { hurrySpread } from "../support/spread-tasks.ts";
import { credentials } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly user_id: string | null;
}

export interface OuraWorld {
  readonly hub: Hub;
  /** Makes a person at the sandbox. */
  person(given?: object): Promise<string>;
  /** Connects them; they agree on Oura's page at once. Returns the user_id. */
  connect(person: string): Promise<string>;
  /** Calls the sandbox's control side. */
  readonly control: SandboxControl;
  /** Puts documents, without a notification unless asked. */
  put(person: string, collection: string, documents: unknown, notify?: string): Promise<void>;
  /** Waits until Oura notifies of everything. */
  subscribed(): Promise<void>;
  asked(): Promise<readonly Asked[]>;
  /** Waits until nothing is left to do. Older days, which are asked for a second apart, do not wait for their turn. */
  settled(): Promise<void>;
  /** Leaves out what lies further back than the first days that are asked for. */
  skipHistory(): Promise<void>;
  /** Lets tasks be tried at once that were to be tried again after a pause. */
  hasten(): Promise<void>;
  /**
   * Clears faults, drops what waits for another try or its turn, and waits for what is under way: a fault that is set
   * afterwards meets the calls of the test that sets it, and not those of persons before.
   */
  calm(): Promise<void>;
  /** Returns what operators see of the fetches of a user's resource; null before the first. */
  synced(userId: string, resource: string): Promise<Synced | null>;
  /** Returns a user's records of one type, with samples, between two dates. */
  records(userId: string, type: string, from: string, to: string): Promise<OuraRecord[]>;
  close(): Promise<void>;
}

/** A resource in `GET /admin/v1/users/{id}/sync`. */
export interface Synced {
  readonly resource: string;
  readonly covered: readonly { readonly from: string; readonly to: string }[];
  readonly trouble: { readonly code: string } | null;
}

export interface OuraRecord {
  readonly metadata: { readonly summary_id?: string; readonly start_time: string; readonly end_time: string };
  readonly provider_data?: { readonly oura: Readonly<Record<string, unknown>> };
  readonly [section: string]: unknown;
}

export async function startOuraWorld(): Promise<OuraWorld> {
  const sandboxes = await startSandboxes({ port: 0 });
  const { controlUrl, variables } = sandboxes.named("oura");
  const hub = await startHub(providerBySlug("oura") as Provider, variables);

  const control = sandboxControl(controlUrl);
  const world: OuraWorld = {
    hub,
    control,
    person: async (given = {}) => (await control<{ user_id: string }>("POST", "/users", given)).user_id,
    async connect(person) {
      const link = new URL(await hub.connectLink(person));
      link.searchParams.set("sandbox_user", person);
      const landed = await fetch(link);
      if (!landed.ok) throw new Error(`connecting ended with ${landed.status}: ${await landed.text()}`);
      const rows = await hub.query<{ user_id: string }>(
        "SELECT user_id FROM connections WHERE provider_user_id = $1 ORDER BY created_at DESC LIMIT 1",
        [person],
      );
      return rows[0]?.user_id ?? "";
    },
    put: async (person, collection, documents, notify = "false") =>
      void (await control("PUT", `/users/${person}/${collection}?notify=${notify}`, documents)),
    subscribed: async () => {
      await waitFor("the subscriptions", async () => {
        await hub.ensureSubscriptions();
        return ((await hub.shown()).subscription as { state: string }).state === "active";
      });
    },
    asked: async () => (await control<{ requests: Asked[] }>("GET", "/requests")).requests,
    settled: async () => {
      await waitFor("the work under way to end", async () => {
        await hurrySpread(hub);
        const open = await hub.query("SELECT FROM fetch_tasks WHERE state = 'accepted'");
        return open.length === 0;
      });
    },
    skipHistory: async () =>
      void (await hub.query(
        "UPDATE fetch_tasks SET state = 'done' WHERE kind = 'backfill' AND state = 'accepted' AND begun_at IS NULL",
      )),
    hasten: async () =>
      void (await hub.query(
        `UPDATE pgboss.job SET start_after = now() FROM fetch_tasks
         WHERE job.name = 'ingest' AND job.state = 'created' AND job.start_after > now()
           AND task_id = (job.data->>'taskId')::uuid AND fetch_tasks.state = 'accepted' AND attempts > 0`,
      )),
    async calm() {
      await control("DELETE", "/faults");
      await waitFor("the work under way to end", async () => {
        await hub.query(
          "UPDATE fetch_tasks SET state = 'done' WHERE state = 'accepted' AND begun_at IS NULL",
        );
        return (await hub.query("SELECT FROM fetch_tasks WHERE state = 'accepted'")).length === 0;
      });
    },
    records: (userId, type, from, to) => hub.records<OuraRecord>(type, { userId, from, to }),
    async synced(userId, resource) {
      const headers = { authorization: `Bearer ${credentials.adminToken}` };
      const answer = await fetch(`${hub.url}/admin/v1/users/${userId}/sync`, { headers });
      if (!answer.ok) throw new Error(`the sync state: ${answer.status} ${await answer.text()}`);
      const { resources } = (await answer.json()) as { resources: Synced[] };
      return resources.find((one) => one.resource === resource) ?? null;
    },
    close: async () => {
      await hub.close();
      await sandboxes.close();
    },
  };
  return world;
}
