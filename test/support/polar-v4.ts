/** People at the sandbox's Dynamic API v4: connecting with v4 alone, what was asked for them, and their own tasks. */
import { decompress } from "../../src/store/zstd.ts";
import { link, newSandboxUser } from "./consent.ts";
import { hurrySpread } from "./spread-tasks.ts";
import type { Asked } from "./sync.ts";
import type { System } from "./system.ts";
import { waitFor } from "./wait.ts";

type Json = ReturnType<typeof JSON.parse>;

export interface V4Person {
  readonly userId: string;
  readonly sandboxUserId: string;
  /** The page that ended the consent. */
  readonly page: string;
}

export const turn = (system: Pick<System, "control">, switches: object) =>
  system.control("PUT", "/_sandbox/v4/switches", switches);

/** Connects a sandbox user. `scopes` are those that the person gives; all when absent. */
export async function connectV4(
  system: Pick<System, "server">,
  sandboxUserId: string,
  scopes?: string,
): Promise<V4Person> {
  const { auth_url, user_id: userId } = await link(system, { reference_id: `v4 ${sandboxUserId}` });
  const consent = new URL(auth_url);
  consent.searchParams.set("sandbox_user", sandboxUserId);
  if (scopes !== undefined) consent.searchParams.set("sandbox_scopes", scopes);
  const page = await (await fetch(consent)).text();
  return { userId, sandboxUserId, page };
}

/** Makes a person whose v4 token Polar's v3 refuses. `prepare` puts their data before they connect. */
export async function onlyV4(
  system: System,
  prepare: (sandboxUserId: string) => Promise<unknown> = async () => {},
  scopes?: string,
): Promise<V4Person> {
  const sandboxUserId = await newSandboxUser(system);
  await prepare(sandboxUserId);
  await turn(system, { v3_accepts_v4_token: "never", v3_registers_v4_token: false });
  const person = await connectV4(system, sandboxUserId, scopes);
  await settledOf(system, person);
  return person;
}

/** Puts bodies at the sandbox without any notification. */
export async function put(
  system: Pick<System, "control">,
  sandboxUserId: string,
  resource: string,
  body: unknown,
): Promise<void> {
  const where = `/_sandbox/users/${sandboxUserId}/${resource}?notify=false`;
  const answer = await system.control("PUT", where, body);
  if (!answer.ok) throw new Error(`PUT ${where}: ${answer.status} ${await answer.text()}`);
}

/** Resolves when nothing is left to fetch for this person except later looks, and older data. */
export const settledOf = (system: Pick<System, "query">, person: V4Person) =>
  waitFor("the person's tasks", () => isSettled(system, person, 1));

/** Resolves when a person's older data is there, too. */
export const wholeOf = (system: Pick<System, "query">, person: V4Person) =>
  waitFor("all of the person's data", () => isSettled(system, person, 0));

type Known = Pick<V4Person, "userId" | "sandboxUserId">;

/** Whether nothing of this priority or a higher one is left to fetch for this person, except later looks. */
export async function isSettled(
  system: Pick<System, "query">,
  person: Known,
  fromPriority: number,
): Promise<boolean> {
  await hurrySpread(system, { userId: person.userId, fromPriority });
  return (await openOf(system, person, fromPriority)) === 0;
}

/** A notification's task knows the provider's id only. */
async function openOf(
  system: Pick<System, "query">,
  { userId, sandboxUserId }: Known,
  fromPriority: number,
): Promise<number> {
  const [row] = await system.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM fetch_tasks
     WHERE (user_id = $1 OR provider_user_id = $2)
       AND state = 'accepted' AND kind <> 'second-look' AND priority >= $3`,
    [userId, sandboxUserId, fromPriority],
  );
  return row?.open ?? 0;
}

export const forgetAsked = (system: Pick<System, "control">) =>
  system.control("DELETE", "/_sandbox/requests");

/** Returns the calls with a person's token, of either API. */
export async function askedOf(
  system: Pick<System, "control">,
  { sandboxUserId }: Pick<V4Person, "sandboxUserId">,
): Promise<Asked[]> {
  const { requests }: Json = await (await system.control("GET", "/_sandbox/requests")).json();
  return requests.filter(({ user_id }: Json) => String(user_id) === sandboxUserId);
}

/** Makes resources of one person due, and creates their tasks. */
export async function makeDue(system: System, person: V4Person, resources: readonly string[]): Promise<void> {
  await system.query(
    "UPDATE coverage SET next_reconcile_at = now() WHERE user_id = $1 AND resource = ANY($2)",
    [person.userId, [...resources]],
  );
  await system.reconcile();
}

/** Looks at these resources of one person. */
export async function look(system: System, person: V4Person, resources: readonly string[]): Promise<void> {
  await makeDue(system, person, resources);
  await settledOf(system, person);
}

/** Returns a person's records of one type by their natural keys. */
export async function recordsOf(
  system: Pick<System, "query">,
  { userId }: Pick<V4Person, "userId">,
  type: string,
): Promise<ReadonlyMap<string, { readonly revision: number; readonly record: Json }>> {
  const rows = await system.query<{ natural_key: string; revision: number; detailed: Buffer }>(
    "SELECT natural_key, revision, detailed FROM records WHERE user_id = $1 AND type = $2",
    [userId, type],
  );
  const read = rows.map(async ({ natural_key, revision, detailed }) => {
    const record: Json = JSON.parse((await decompress(detailed)).toString());
    return [natural_key, { revision, record }] as const;
  });
  return new Map(await Promise.all(read));
}

/** The APIs that a record was made of. */
export const sourcesOf = (record: Json): string[] =>
  [...new Set(Object.values<string>(record?.provider_data?.polar?.sources ?? {}))].sort();

/** Returns what the sync state says of a person's resource. */
export async function stateOf(system: System, { userId }: V4Person, resource: string): Promise<Json> {
  const { resources }: Json = await (await system.admin("GET", `/users/${userId}/sync`)).json();
  return resources.find((one: Json) => one.resource === resource);
}

/** Returns a night from 23:00 to 07:00, at UTC+1. */
export const nightInV4 = (date: string): Json => {
  const eve = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  return {
    sleepDate: date,
    sleepResult: {
      hypnogram: {
        sleepStart: `${eve}T23:00:00+01:00`,
        sleepEnd: `${date}T07:00:00+01:00`,
        sleepStateChanges: [
          { offsetFromStart: "0s", newState: "SLEEP_STATE_NONREM2" },
          { offsetFromStart: "14400s", newState: "SLEEP_STATE_NONREM3" },
          { offsetFromStart: "20000s", newState: "SLEEP_STATE_REM" },
        ],
      },
    },
    sleepScore: { sleepScore: 81.5 },
  };
};
