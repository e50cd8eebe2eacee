/** `systole start`: the server. */
import manifest from "../../package.json" with { type: "json" };
import { loadConfig } from "../config.ts";
import { ensureDashboard } from "../dashboard/build.ts";
import { type Systole, startSystole } from "../systole.ts";
import { createLogger } from "../telemetry/log.ts";
import { startTracing } from "../telemetry/otlp.ts";
import { runCommandLine } from "./command.ts";
import { aborted } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

const help = `Starts the server: the API, and the workers that fetch and deliver.

  npm start

The first start makes an environment and an admin token and shows their secrets, this once. Ctrl-C ends it: it
finishes what is under way. Settings are environment variables: docs/configuration.md
`;

export const runStart = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {} }, args, terminal, async () => {
    const config = loadConfig(terminal.env);
    const log = createLogger(config.SYSTOLE_LOG_LEVEL);
    if (config.SYSTOLE_ROLES.includes("api")) await ensureDashboard(saying(terminal));
    await using opened = new AsyncDisposableStack();
    const tracing = await startTracing(terminal.env, manifest.version);
    if (tracing !== null) opened.defer(() => tracing.stop());
    const systole = await startSystole(config, log, terminal.env, terminal.signal);
    // Before the spans of the last attempts are sent.
    opened.defer(() => systole.close());
    terminal.out.write(`${welcome(systole).join("\n")}\n`);
    await aborted(terminal.signal);
    return 0;
  });

const saying = ({ err, signal }: Terminal) => ({ say: (line: string) => err.write(`${line}\n`), signal });

/** Returns the first output: the address, the credentials, and warnings. */
function welcome({ url, publicUrl, made, notes }: Systole): string[] {
  const { devId, apiKey, adminToken } = made;
  return [
    url ? `Systole listens on ${url}, reached at ${publicUrl}` : "Systole works",
    `dev-id        ${devId}`,
    ...(apiKey === null ? [] : [`x-api-key     ${apiKey}   (shown this once)`]),
    ...(adminToken === null ? [] : [`admin token   ${adminToken}   (shown this once)`]),
    ...(notes.length === 0 ? [] : ["", ...notes]),
    ...(url === null || (apiKey === null && adminToken === null) ? [] : firstSteps(url, made)),
  ];
}

/** Returns the lines about new credentials; a configured one is already in a variable. */
function firstSteps(url: string, { devId, apiKey, adminToken }: Systole["made"]): string[] {
  const token = adminToken ?? '"$SYSTOLE_ADMIN_TOKEN"';
  const key = apiKey ?? '"$SYSTOLE_API_KEY"';
  return [
    "",
    "In another terminal, for every command of the guides:",
    "",
    `  export SYSTOLE=${reachable(url)} ADMIN_TOKEN=${token} DEV_ID=${devId} API_KEY=${key}`,
    "",
    "Then make a link on which a person connects their wearable:",
    "",
    "  npm run systole -- connect person-1",
  ];
}

/** Returns a reachable address of a server that listens on all interfaces. */
const reachable = (url: string): string =>
  url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
