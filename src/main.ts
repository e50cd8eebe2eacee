/** The command line. `npm run systole -- help` and the README describe the commands. */
import { stopSignal } from "./cli/stop-signal.ts";
import { errorCatalogue, SystoleError } from "./errors.ts";
import { limitHeapGrowth } from "./heap-growth.ts";

const help = `Systole, a self-hosted wearable-data hub

  npm start                 the server
  npm run demo              server, sandbox, a connected person and a printing receiver
  npm run demo -- --once    the same, ending when the first data has arrived
  npm run sandbox           providers of your own, to try with

  npm run systole -- connect NAME   makes a link on which a person connects their wearable
  npm run systole -- upload FILE    uploads an export of a person's data
  npm run systole -- listen         a receiver that verifies and prints what Systole sends
  npm run systole -- replay         sends events again
  npm run systole -- renormalize    rebuilds records from raw payloads
  npm run systole -- export         writes records to files, in FHIR, FIT or JSON
  npm run systole -- move-bodies    moves bodies out of the database
  npm run systole -- rotate-key     seals every secret under a new secret key
  npm run systole -- migrate        brings the database up to date, and ends
  npm run systole -- backup FILE    writes everything into one file, while the server goes on
  npm run systole -- restore FILE   fills an empty database from it
  npm run systole -- doctor         says what is wrong, and what to do
  npm run systole -- PROVIDER probe asks a real account what a provider's documents leave open

Each says more with --help: npm run systole -- replay --help
Settings are environment variables: docs/configuration.md
`;

const { stdout: out, stderr: err, env } = process;
let stopping: AbortSignal = new AbortController().signal;

/** Returns the terminal. Until a command is loaded nothing needs a clean end, and Ctrl-C simply ends the process. */
function terminal() {
  stopping = stopSignal((line) => err.write(`${line}\n`));
  return { out, err, env, signal: stopping, isTTY: err.isTTY === true };
}

type Run = (args: readonly string[]) => Promise<number>;

/** Each command is loaded when it is run: a replay needs no PostgreSQL, and --help needs nothing. */
const commands: Readonly<Record<string, Run>> = {
  start: async (args) => (await import("./cli/start.ts")).runStart(args, terminal()),
  demo: async (args) => (await import("./demo/command.ts")).runDemoCommand(args, terminal()),
  sandbox: async (args) => (await import("./cli/sandbox.ts")).runSandbox(args, terminal()),
  connect: async (args) => (await import("./cli/connect.ts")).runConnect(args, terminal()),
  upload: async (args) => (await import("./cli/upload.ts")).runUpload(args, terminal()),
  listen: async (args) => (await import("./cli/listen.ts")).runListen(args, terminal()),
  replay: async (args) => (await import("./cli/replay.ts")).runReplay(args, terminal()),
  renormalize: async (args) => (await import("./cli/renormalize.ts")).runRenormalize(args, terminal()),
  export: async (args) => (await import("./cli/export.ts")).runExport(args, terminal()),
  "move-bodies": async (args) => (await import("./cli/move-bodies.ts")).runMoveBodies(args, terminal()),
  "rotate-key": async (args) => (await import("./cli/rotate-key.ts")).runRotateKey(args, terminal()),
  migrate: async (args) => (await import("./cli/migrate.ts")).runMigrate(args, terminal()),
  backup: async (args) => (await import("./cli/backup.ts")).runBackup(args, terminal()),
  restore: async (args) => (await import("./cli/restore.ts")).runRestore(args, terminal()),
  doctor: async (args) => (await import("./cli/doctor.ts")).runDoctor(args, terminal()),
};

/** Returns the command of this name. A provider may bring one under its own name, such as a probe. */
async function commandOf(name: string): Promise<Run | undefined> {
  if (name === "" || Object.hasOwn(commands, name)) return commands[name];
  const run = (await import("./cli/probe.ts")).providerCommand(name);
  return run === null ? undefined : (args) => run(args, terminal());
}

async function main([command = "help", ...args]: readonly string[]): Promise<number> {
  if (["help", "--help", "-h"].includes(command)) {
    const [about = ""] = args;
    if ((await commandOf(about)) !== undefined) return main([about, "--help"]);
    out.write(help);
    return 0;
  }
  const run = await commandOf(command);
  if (run !== undefined) return run(args[0] === "help" ? ["--help"] : args);
  err.write(`There is no command ${command}.\n\n${help}`);
  return 2;
}

/** Returns one sentence, the facts and the remedy; a stack only for an unexpected error. */
function explain(error: unknown): string {
  if (!(error instanceof SystoleError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const facts = Object.entries(error.details).map(([name, value]) => `${name}: ${[value].flat().join("; ")}`);
  return [`${error.message} (${error.code}).`, ...facts, errorCatalogue[error.code].remedy].join("\n  ");
}

limitHeapGrowth();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // An aborted start reports only that it was stopped.
  err.write(stopping.aborted ? "Stopped before it had started.\n" : `${explain(error)}\n`);
  process.exitCode = stopping.aborted ? 130 : 1;
}
// A handle that keeps the event loop open must not keep a finished command from ending.
setTimeout(() => process.exit(), 5_000).unref();
