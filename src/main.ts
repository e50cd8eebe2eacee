/** The command line. What each command does is in `npm start -- help`, and in the README. */
import { loadConfig } from "./config.ts";
import { errorCatalogue, SystoleError } from "./errors.ts";

const help = `Systole, a self-hosted wearable-data hub

  npm start             the server
  npm run demo          server, sandbox, a connected person and a printing receiver
  npm run demo -- --once   the same, ending when the first data has arrived
  npm run sandbox       a Polar AccessLink of your own
  npm run systole -- replay        sends events again, of a running server; --help says more
  npm run systole -- renormalize   rebuilds records from raw payloads; --help says more
  npm run systole -- rotate-key    seals every secret under a new secret key; --help says more

Settings are environment variables: docs/configuration.md
`;

/** Aborts at the first Ctrl-C or SIGTERM; npm and the terminal both send one, so repeats mean nothing more. */
function untilTold(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort());
  return ending.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

async function runServer(): Promise<number> {
  const told = untilTold();
  const config = loadConfig(process.env);
  const { createLogger } = await import("./telemetry/log.ts");
  const { startSystole } = await import("./systole.ts");
  const systole = await startSystole(config, createLogger(config.SYSTOLE_LOG_LEVEL), process.env);
  const { devId, apiKey, adminToken } = systole.made;
  const shownOnce = [
    apiKey && `x-api-key     ${apiKey}   (shown this once)`,
    adminToken && `admin token   ${adminToken}   (shown this once)`,
  ].filter((line) => line !== null);
  print([
    systole.url ? `Systole listens on ${systole.url}, reached at ${systole.publicUrl}` : "Systole works",
    `dev-id        ${devId}`,
    ...shownOnce,
  ]);
  await aborted(told);
  await systole.close();
  return 0;
}

async function runSandbox(): Promise<number> {
  const told = untilTold();
  const { SANDBOX_PORT: port } = loadConfig(process.env);
  const { openSandbox } = await import("./open-sandbox.ts");
  const sandbox = await openSandbox({ port, log: (line) => print([line]) });
  print([
    "Start Systole against it with:",
    `  POLAR_CLIENT_ID=${sandbox.clientId} POLAR_CLIENT_SECRET=${sandbox.clientSecret} \\`,
    `  POLAR_AUTHORIZE_URL=${sandbox.url}/oauth2/authorization POLAR_TOKEN_URL=${sandbox.url}/v2/oauth2/token \\`,
    `  POLAR_API_URL=${sandbox.url} SYSTOLE_PUBLIC_URL=http://127.0.0.1:8080 npm start`,
  ]);
  await aborted(told);
  await sandbox.close();
  return 0;
}

async function runDemo(args: readonly string[]): Promise<number> {
  const { runDemo: run } = await import("./demo/demo.ts");
  return run({ once: args.includes("--once"), out: process.stdout, env: process.env, signal: untilTold() });
}

async function runReplay(args: readonly string[]): Promise<number> {
  const { runReplay: run } = await import("./cli/replay.ts");
  return run(args, { out: process.stdout, err: process.stderr, env: process.env, signal: untilTold() });
}

async function runRenormalize(args: readonly string[]): Promise<number> {
  const { runRenormalize: run } = await import("./cli/renormalize.ts");
  const { stdout: out, stderr: err, env } = process;
  return run(args, { out, err, env, signal: untilTold(), isTTY: err.isTTY === true });
}

async function runRotateKey(args: readonly string[]): Promise<number> {
  const { runRotateKey: run } = await import("./cli/rotate-key.ts");
  const { stdout: out, stderr: err, env } = process;
  return run(args, { out, err, env, signal: untilTold() });
}

async function main([command = "help", ...args]: readonly string[]): Promise<number> {
  const commands: Record<string, () => Promise<number>> = {
    start: args[0] === "help" ? showHelp : runServer,
    sandbox: runSandbox,
    demo: () => runDemo(args),
    replay: () => runReplay(args),
    renormalize: () => runRenormalize(args),
    "rotate-key": () => runRotateKey(args),
    help: showHelp,
  };
  const run = commands[command];
  if (run !== undefined) return run();
  process.stderr.write(`There is no command ${command}.\n\n${help}`);
  return 2;
}

async function showHelp(): Promise<number> {
  process.stdout.write(help);
  return 0;
}

const print = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n`);
};

/** One sentence, the facts and what to do; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (!(error instanceof SystoleError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const facts = Object.entries(error.details).map(([name, value]) => `${name}: ${[value].flat().join("; ")}`);
  return [`${error.message} (${error.code}).`, ...facts, errorCatalogue[error.code].remedy].join("\n  ");
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
// Whatever still holds the event loop open must not keep a finished command from ending.
setTimeout(() => process.exit(), 5_000).unref();
