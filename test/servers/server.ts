/**
 * Real servers for tests. A recipe says how one server is found or installed and started; `useServer` brings
 * it up once for all test files of a run that ask. A run is one `npm test` or one `vitest`.
 *
 * - A run starts its own servers and ends them, so two runs do not meet; the next run ends what a killed run
 *   left behind.
 * - Servers kept by `npm run servers` are used by every run, and not stopped.
 * - The suite of destinations restarts its server. It has one of its own, by `apart`, so that a kind's other
 *   tests, which may run at the same time, are not disturbed.
 * - Programs stay in the user's cache directory, data does not: a server starts empty, unless it is
 *   restarted.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { rm } from "node:fs/promises";
import path from "node:path";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { cacheDirectory } from "./support/cache.ts";
import type { Unavailable } from "./support/install.ts";
import { exclusively } from "./support/lock.ts";
import {
  type Command,
  endProcesses,
  identityOf,
  isAlive,
  type ProcessIdentity,
  type Spawned,
  spawnServer,
} from "./support/processes.ts";
import {
  forget,
  knownServers,
  readAbsence,
  readProcesses,
  readState,
  type ServerState,
  thisRun,
  writeAbsence,
  writeState,
} from "./support/state.ts";

/** The places of a program and its parts, e.g. `{ home: "/…/kafka_2.13-4.1.0" }`. */
export type Program = Readonly<Record<string, string>>;

export interface ServerRecipe<Facts extends object = object> {
  /**
   * Names its lock, data directory and state, e.g. "kafka"; a server of the same kind for another use needs a
   * recipe with another name, e.g. "postgres-supabase".
   */
  readonly name: string;
  /** The names of its ports. Free ones are found for it, and stay the same when it is restarted. */
  readonly ports: readonly string[];
  /** Finds the program, or installs it into the directory, which stays. Quick when it is already there. */
  prepare(programs: string): Promise<Program | Unavailable>;
  /**
   * Starts it, also again on its stored data, bound to 127.0.0.1, and resolves when it is ready:
   * `place.spawn` and `untilReady`.
   * @throws Error with the reason when it does not start
   */
  start(place: Place, program: Program): Promise<Started<Facts>>;
}

export interface Place {
  /** Its own: empty the first time, unchanged at a restart. */
  readonly directory: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Starts a process of the server, which continues when we end. They are ended in the order of their starts. */
  spawn(command: Command): Promise<Spawned>;
}

export interface Started<Facts extends object = object> {
  /** Name and number for the docs, e.g. "MariaDB 10.11.14". */
  readonly version: string;
  /** The signal that stops it; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
  /** Facts that its users need (JSON): a superuser's password, a certificate, a URL. */
  readonly facts: Facts;
}

export interface RunningServer<Facts extends object = object> {
  readonly name: string;
  readonly version: string;
  readonly host: "127.0.0.1";
  readonly ports: Readonly<Record<string, number>>;
  readonly directory: string;
  readonly facts: Facts;
  /** How long it took to bring it up, in whichever process. */
  readonly seconds: ServerState["seconds"];
  /** Kills it without warning and starts it again on the same ports and data. Its other users notice. */
  restart(): Promise<void>;
}

export type { Unavailable } from "./support/install.ts";

/** A program has no `reason` among its places. */
export const isUnavailable = (answer: object): answer is Unavailable => "reason" in answer;

const startAttempts = 3;

/** How long a hook should wait for `useServer`. */
export const bringUpMs = 25 * 60_000;

const aside = new AsyncLocalStorage<string>();

/** Gives the calls within `work` their own servers, the same for all with this name. */
export const apart = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
  aside.run(name, work);

/** One of the servers of a recipe; `id` is unique and starts with `name`. */
interface Instance<Facts extends object = object> {
  readonly recipe: ServerRecipe<Facts>;
  readonly name: string;
  readonly id: string;
}

function instanceOf<Facts extends object>(recipe: ServerRecipe<Facts>, keep: boolean): Instance<Facts> {
  const name = [recipe.name, aside.getStore()].filter((part) => part !== undefined).join("-");
  return { recipe, name, id: keep || readState(name) !== null ? name : `${name}.${thisRun().pid}` };
}

/**
 * Returns the running server, or why this machine can have none. A server that is installed and does not
 * start is an error. The first time may take minutes: give hooks that call it `bringUpMs`. With `keep`, every
 * run may use it.
 */
export async function useServer<Facts extends object>(
  recipe: ServerRecipe<Facts>,
  { keep = false } = {},
): Promise<RunningServer<Facts> | Unavailable> {
  return exclusively(instanceOf(recipe, keep).name, async () => {
    const instance = instanceOf(recipe, keep);
    const state = readState(instance.id) ?? (await bringUp(instance));
    if (isUnavailable(state)) return state;
    const run = thisRun();
    const others = state.users.filter(({ pid }) => pid !== run.pid);
    writeState(instance.id, { ...state, users: [...others, run] });
    return running(instance, state);
  });
}

/** Ends this run's use of every server; those without users are stopped. */
export async function releaseServers(): Promise<void> {
  await Promise.all(knownServers().map((id) => exclusively(nameIn(id), () => release(id))));
}

const nameIn = (id: string): string => id.split(".")[0] ?? id;

async function release(id: string): Promise<void> {
  const state = readState(id);
  const run = thisRun();
  const users = state?.users.filter(({ pid }) => pid !== run.pid) ?? [];
  if (state !== null && users.length > 0) return writeState(id, { ...state, users });
  await end(id);
}

async function end(id: string): Promise<void> {
  await endProcesses(readProcesses(id), readState(id)?.stopSignal ?? "SIGKILL");
  forget(id);
  await rm(directoryOf(id), { recursive: true, force: true });
}

const directoryOf = (id: string): string => cacheDirectory("data", id);

async function bringUp(instance: Instance): Promise<ServerState | Unavailable> {
  const { recipe, name } = instance;
  const absence = readAbsence(recipe.name);
  if (absence !== null) return { reason: absence };
  const begun = Date.now();
  const program = await prepare(recipe);
  if (isUnavailable(program)) {
    writeAbsence(recipe.name, program.reason);
    return program;
  }
  const prepared = Date.now();
  // Servers without users, and the rest of servers of which a part has died.
  const known = knownServers().filter((id) => nameIn(id) === name);
  for (const id of known) if ((readState(id)?.users ?? []).length === 0) await end(id);
  const started = await firstStart(instance, program);
  const seconds = { prepare: (prepared - begun) / 1_000, start: (Date.now() - prepared) / 1_000 };
  return { ...started, seconds, users: [] };
}

const prepare = (recipe: ServerRecipe): Promise<Program | Unavailable> =>
  exclusively(`prepare-${recipe.name}`, () => recipe.prepare(cacheDirectory("programs")));

/** Starts it for the first time. A free port may be taken before the server uses it: then others are tried. */
async function firstStart(instance: Instance, program: Program, attempt = 1): ReturnType<typeof start> {
  const { name, ports: portNames } = instance.recipe;
  const numbers = await Promise.all(portNames.map(freePort));
  const ports = Object.fromEntries(portNames.map((port, index) => [port, numbers[index] as number]));
  await rm(directoryOf(instance.id), { recursive: true, force: true });
  try {
    return await start(instance, program, ports);
  } catch (cause) {
    if (attempt === startAttempts) throw new Error(`${name} does not start`, { cause });
    return firstStart(instance, program, attempt + 1);
  }
}

/** Starts the server; when it fails, the processes already started are ended again. */
async function start({ recipe, name, id }: Instance, program: Program, ports: Place["ports"]) {
  const spawned: ProcessIdentity[] = [];
  const logFile = path.join(cacheDirectory("logs"), `${name}.log`);
  const spawn = async (command: Command): Promise<Spawned> => {
    const pid = await spawnServer(command, logFile);
    const identity = identityOf(pid);
    if (identity !== null) spawned.push(identity);
    return { pid, logFile };
  };
  const place: Place = { directory: directoryOf(id), ports, spawn };
  try {
    const { version, stopSignal = "SIGTERM", facts } = await recipe.start(place, program);
    return { version, stopSignal, facts, ports, processes: spawned.filter(isAlive) };
  } catch (error) {
    await endProcesses(spawned, "SIGKILL");
    throw error;
  }
}

function running<Facts extends object>(
  instance: Instance<Facts>,
  { version, ports, facts, seconds }: ServerState,
): RunningServer<Facts> {
  return {
    name: instance.name,
    version,
    host: "127.0.0.1",
    ports,
    directory: directoryOf(instance.id),
    facts: facts as Facts,
    seconds,
    restart: () => exclusively(instance.name, () => restart(instance)),
  };
}

async function restart(instance: Instance): Promise<void> {
  const state = readState(instance.id);
  if (state === null) throw new Error(`${instance.name} is not running`);
  const program = await prepare(instance.recipe);
  if (isUnavailable(program)) throw new Error(program.reason);
  await endProcesses(state.processes, "SIGKILL");
  writeState(instance.id, { ...state, ...(await start(instance, program, state.ports)) });
}
