/** A Systole that knows Garmin's sandbox, and people who make keys there. */
import type { Provider } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import { startSandboxes } from "../../src/sandbox/start.ts";
import { type Hub, startHub } from "../invented/hub.ts";
import { type SandboxControl, sandboxControl } from "../support/sandbox-control.ts";
import { waitFor } from "../support/wait.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly user_id: number | null;
  readonly at: string;
}

export interface GarminRecord {
  readonly metadata: { readonly summary_id?: string; readonly start_time: string; readonly end_time: string };
  readonly [section: string]: unknown;
}

export interface GarminWorld {
  readonly hub: Hub;
  /** Calls the sandbox's control side. */
  readonly control: SandboxControl;
  person(given?: object): Promise<number>;
  newKey(person: number, days?: number): Promise<string>;
  put(person: number, resource: string, body: unknown): Promise<void>;
  /** Puts the original file of an activity. */
  putFile(person: number, activity: number, file: Buffer): Promise<void>;
  /** Pastes a key on a connect page, as the person's browser sends it. */
  paste(link: string, fields: Record<string, string>): Promise<{ status: number; text: string }>;
  /**
   * Connects a person by a key. Returns the user_id. Of what lies before the newest days only these days are asked for:
   * each of them is a call.
   */
  connect(person: number, options?: { key?: string; days?: readonly string[] }): Promise<string>;
  /** Waits for a person's connection, and leaves out what lies before the newest days. Returns the user_id. */
  connection(person: number): Promise<string>;
  /** Requests a user's newest data, when nothing of theirs is under way. */
  refresh(userId: string): Promise<void>;
  /** Waits until nothing of a user's is under way; pauses are skipped. */
  settled(userId: string): Promise<void>;
  /** Returns the calls that were made with a person's key, or with a token of theirs. */
  asked(person: number): Promise<readonly Asked[]>;
  /** Returns what the sandbox itself answers to a new key of a person. */
  read(person: number, path: string): Promise<unknown>;
  /** Lets a user's tasks be tried at once that were to be tried again after a pause. */
  hasten(userId: string): Promise<void>;
  /** Returns a user's records of one type, with samples. */
  records(userId: string, type: string, from: string, to: string): Promise<GarminRecord[]>;
  close(): Promise<void>;
}

/** Limits that no test reaches. */
const noLimits = { parallel: 100, perSecond: 10_000, burst: 10_000 };

/**
 * Starts both. Calls follow each other as fast as they can, and the sandbox lets them, so that tests of other things do
 * not wait a second for each; with `paced` both keep Garmin's own limits.
 */
export async function startGarminWorld({ paced = false } = {}): Promise<GarminWorld> {
  const sandboxes = await startSandboxes({ port: 0 });
  const { url, controlUrl, variables } = sandboxes.named("garmin");
  const pace = paced ? {} : { GARMIN_CALL_INTERVAL_MS: "0" };
  const hub = await startHub(providerBySlug("garmin") as Provider, { ...variables, ...pace });

  const control = sandboxControl(controlUrl);
  if (!paced) await control("PUT", "/limits", noLimits);
  const paste: GarminWorld["paste"] = async (link, fields) => {
    const answer = await fetch(link, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
    return { status: answer.status, text: await answer.text() };
  };
  const newKey: GarminWorld["newKey"] = async (person, days = 365) =>
    (await control<{ key: string }>("POST", `/users/${person}/keys`, { days })).key;
  const hasten: GarminWorld["hasten"] = async (userId) =>
    void (await hub.query(
      `UPDATE pgboss.job SET start_after = now() FROM fetch_tasks
       WHERE job.name = 'ingest' AND job.state = 'created' AND job.start_after > now()
         AND task_id = (job.data->>'taskId')::uuid AND user_id = $1 AND fetch_tasks.state = 'accepted'`,
      [userId],
    ));
  const settled: GarminWorld["settled"] = async (userId) => {
    // A task of older days may have begun before it was left out.
    const open = `SELECT FROM fetch_tasks WHERE user_id = $1 AND (state = 'accepted' OR EXISTS (
      SELECT FROM pgboss.job WHERE job.name = 'ingest' AND job.state = 'active'
        AND task_id = (job.data->>'taskId')::uuid))`;
    await waitFor("the work under way to end", async () => {
      await hasten(userId);
      return (await hub.query(open, [userId])).length === 0;
    });
  };
  return {
    hub,
    control,
    paste,
    newKey,
    person: async (given = {}) => (await control<{ user_id: number }>("POST", "/users", given)).user_id,
    put: async (person, resource, body) => void (await control("PUT", `/users/${person}/${resource}`, body)),
    async putFile(person, activity, file) {
      const where = `${controlUrl}/users/${person}/files/${activity}`;
      const answer = await fetch(where, { method: "PUT", body: new Uint8Array(file) });
      if (!answer.ok) throw new Error(`PUT ${where}: ${answer.status}`);
    },
    async connect(person, { key, days = [] } = {}) {
      const link = await hub.connectLink(`person-${person}`);
      const { status, text } = await paste(link, { key: key ?? (await newKey(person)) });
      if (status !== 200) throw new Error(`connecting ended with ${status}: ${text}`);
      return firstLook(hub, person, days);
    },
    connection: (person) => firstLook(hub, person, []),
    async refresh(userId) {
      await settled(userId);
      await hub.requestRefresh(userId);
    },
    settled,
    asked: async (person) => {
      const { requests } = await control<{ requests: Asked[] }>("GET", "/requests");
      return requests.filter(({ user_id }) => user_id === person);
    },
    async read(person, path) {
      const exchange = "/personalapitoken-service/personal-api/personal-api-key/token";
      const headers = { authorization: `ApiKey ${await newKey(person)}` };
      const token = await (await fetch(url + exchange, { method: "POST", headers })).text();
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token.trim()}` } });
      return answer.json();
    },
    hasten,
    records: (userId, type, from, to) => hub.records<GarminRecord>(type, { userId, from, to }),
    close: async () => {
      await hub.close();
      await sandboxes.close();
    },
  };
}

/** Waits for the connection, and takes all older days for known but those that are wanted. */
async function firstLook(hub: Hub, person: number, days: readonly string[]): Promise<string> {
  const userId = await waitFor("the connection", async () => {
    const rows = await hub.query<{ user_id: string }>(
      "SELECT user_id FROM connections WHERE provider_user_id = $1 ORDER BY created_at DESC LIMIT 1",
      [String(person)],
    );
    return rows[0]?.user_id ?? null;
  });
  await hub.query(
    `UPDATE coverage SET days = '{[2000-01-01,2100-01-01)}'::datemultirange
       - coalesce((SELECT range_agg(daterange(day::date, day::date, '[]')) FROM unnest($2::text[]) AS day), '{}')
     WHERE user_id = $1`,
    [userId, days],
  );
  await hub.query(
    "UPDATE fetch_tasks SET state = 'done' WHERE user_id = $1 AND kind = 'backfill' AND state = 'accepted'",
    [userId],
  );
  // A look at a user's data plans what is not known of it.
  if (days.length > 0) await hub.requestRefresh(userId);
  return userId;
}
