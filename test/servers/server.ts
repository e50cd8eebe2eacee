/**
 * Real servers for tests. A recipe says how one server is found or installed and started; `useServer` brings
 * it up, once for all who ask:
 *
 * - It reuses what already runs, whoever started it, and notes the run as its user. A run is one `npm test`,
 *   one `vitest`, or one `npm run servers`; the server ends with the last run that uses it, also when a
 *   run before was killed and could not say so.
 * - Programs stay in the user's cache directory, data does not: a server starts empty, unless it is
 *   restarted.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { freePort } from "../support/free-port.ts";
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

/** Where a program and what belongs to it was found, e.g. `{ home: "/…/kafka_2.13-4.1.0" }`. */
export type Program = Readonly<Record<string, string>>;

export interface ServerRecipe<Facts extends object = object> {
  /** Its lock, data directory and state go by it, e.g. "kafka"; a server of the same kind for other use
   * needs a recipe with another name, e.g. "postgres-supabase". */
  readonly name: string;
  /** What its ports are called. Free ones are found for it, and stay the same when it is restarted. */
  readonly ports: readonly string[];
  /** Finds the program, or installs it into the directory (which stays). Quick when it is there already. */
  prepare(programs: string): Promise<Program | Unavailable>;
  /**
   * Starts it, also again on what it kept, bound to 127.0.0.1, and resolves when it is ready: `place.spawn`
   * and `untilReady`. @throws Error with the reason when it does not start
   */
  start(place: Place, program: Program): Promise<Started<Facts>>;
}

export interface Place {
  /** Its own: empty the first time, as it was left at a restart. */
  readonly directory: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Starts a process of the server, which goes on when we end. Ended in the order of their starts. */
  spawn(command: Command): Promise<Spawned>;
}

export interface Started<Facts extends object = object> {
  /** Name and number as the docs shall have it, e.g. "MariaDB 10.11.14". */
  readonly version: string;
  /** How it is asked to stop; SIGTERM unless said otherwise. */
  readonly stopSignal?: NodeJS.Signals;
  /** Whatever its users need to know (JSON): a superuser's password, a certificate, a URL. */
  readonly facts: Facts;
}

export interface RunningServer<Facts extends object = object> {
  readonly name: string;
  readonly version: string;
  readonly host: "127.0.0.1";
  readonly ports: Readonly<Record<string, number>>;
  readonly directory: string;
  readonly facts: Facts;
  /** How long it took to bring it up, whoever did. */
  readonly seconds: ServerState["seconds"];
  /** Kills it without warning and starts it again on the same ports and data. Others who use it notice. */
  restart(): Promise<void>;
}

export type { Unavailable } from "./support/install.ts";

export const isUnavailable = (answer: object): answer is Unavailable => "reason" in answer;

const startAttempts = 3;

/**
 * The running server, or why there can be none on this machine. A server that is there and does not start
 * is an error. The first time may take minutes: give hooks that call it `bringUpMs`.
 */
export async function useServer<Facts extends object>(
  recipe: ServerRecipe<Facts>,
): Promise<RunningServer<Facts> | Unavailable> {
  return exclusively(recipe.name, async () => {
    const found = readState(recipe.name);
    const state = found ?? (await bringUp(recipe));
    if (isUnavailable(state)) return state;
    const run = thisRun();
    const others = state.users.filter(({ pid }) => pid !== run.pid);
    writeState(recipe.name, { ...state, users: [...others, run] });
    return running(recipe, state);
  });
}

/** How long a hook should wait for `useServer`. */
export const bringUpMs = 25 * 60_000;

/** Ends this run's use of every server; those that nobody uses any more are stopped. */
export async function releaseServers(): Promise<void> {
  await Promise.all(knownServers().map((name) => exclusively(name, () => release(name))));
}

async function release(name: string): Promise<void> {
  const state = readState(name);
  const run = thisRun();
  const users = state?.users.filter(({ pid }) => pid !== run.pid) ?? [];
  if (state !== null && users.length > 0) return writeState(name, { ...state, users });
  await endProcesses(readProcesses(name), state?.stopSignal ?? "SIGKILL");
  forget(name);
  await rm(directoryOf(name), { recursive: true, force: true });
}

const directoryOf = (name: string): string => cacheDirectory("data", name);

async function bringUp(recipe: ServerRecipe): Promise<ServerState | Unavailable> {
  const absence = readAbsence(recipe.name);
  if (absence !== null) return { reason: absence };
  const begun = Date.now();
  const program = await recipe.prepare(cacheDirectory("programs"));
  if (isUnavailable(program)) {
    writeAbsence(recipe.name, program.reason);
    return program;
  }
  const prepared = Date.now();
  // Of a server of several processes some may have lived on.
  await endProcesses(readProcesses(recipe.name), "SIGKILL");
  const started = await firstStart(recipe, program as Program);
  const seconds = { prepare: (prepared - begun) / 1_000, start: (Date.now() - prepared) / 1_000 };
  return { ...started, seconds, users: [] };
}

/** A port that was free may be taken by the time the server wants it: then others are tried. */
async function firstStart(recipe: ServerRecipe, program: Program, attempt = 1): ReturnType<typeof start> {
  const numbers = await Promise.all(recipe.ports.map(freePort));
  const ports = Object.fromEntries(recipe.ports.map((name, index) => [name, numbers[index] as number]));
  await rm(directoryOf(recipe.name), { recursive: true, force: true });
  try {
    return await start(recipe, program, ports);
  } catch (cause) {
    if (attempt === startAttempts) throw new Error(`${recipe.name} does not start`, { cause });
    return firstStart(recipe, program, attempt + 1);
  }
}

/** What of it has started is ended again when the whole does not. */
async function start(recipe: ServerRecipe, program: Program, ports: Place["ports"]) {
  const spawned: ProcessIdentity[] = [];
  const logFile = path.join(cacheDirectory("logs"), `${recipe.name}.log`);
  const spawn = async (command: Command): Promise<Spawned> => {
    const pid = await spawnServer(command, logFile);
    const identity = identityOf(pid);
    if (identity !== null) spawned.push(identity);
    return { pid, logFile };
  };
  const place: Place = { directory: directoryOf(recipe.name), ports, spawn };
  try {
    const { version, stopSignal = "SIGTERM", facts } = await recipe.start(place, program);
    return { version, stopSignal, facts, ports, processes: spawned.filter(isAlive) };
  } catch (error) {
    await endProcesses(spawned, "SIGKILL");
    throw error;
  }
}

function running<Facts extends object>(
  recipe: ServerRecipe<Facts>,
  state: ServerState,
): RunningServer<Facts> {
  const { name } = recipe;
  const { version, ports, facts, seconds } = state;
  return {
    name,
    version,
    host: "127.0.0.1",
    ports,
    directory: directoryOf(name),
    facts: facts as Facts,
    seconds,
    restart: () => exclusively(name, () => restart(recipe)),
  };
}

async function restart(recipe: ServerRecipe): Promise<void> {
  const state = readState(recipe.name);
  if (state === null) throw new Error(`${recipe.name} is not running`);
  const program = await recipe.prepare(cacheDirectory("programs"));
  if (isUnavailable(program)) throw new Error(program.reason);
  await endProcesses(state.processes, "SIGKILL");
  writeState(recipe.name, { ...state, ...(await start(recipe, program as Program, state.ports)) });
}
