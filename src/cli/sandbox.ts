/** `systole sandbox`: a Polar to run without Polar. */
import { loadConfig } from "../config.ts";
import { openSandbox } from "../open-sandbox.ts";
import { runCommandLine } from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { aborted } from "./until-told.ts";

const help = `Starts a Polar AccessLink of your own, for trying and testing. Everything it knows lives in memory.

  npm run sandbox

SANDBOX_PORT   its port, 8090
What it can do: src/sandbox/polar/README.md
`;

export const runSandbox = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {} }, args, terminal, async () => {
    const { SANDBOX_PORT: port, SYSTOLE_PORT: systolePort } = loadConfig(terminal.env);
    const say = (line: string): void => void terminal.out.write(`${line}\n`);
    const sandbox = await openSandbox({ port, log: say });
    say(`Start Systole against it with:
  POLAR_CLIENT_ID=${sandbox.clientId} POLAR_CLIENT_SECRET=${sandbox.clientSecret} \\
  POLAR_AUTHORIZE_URL=${sandbox.url}/oauth2/authorization POLAR_TOKEN_URL=${sandbox.url}/v2/oauth2/token \\
  POLAR_API_URL=${sandbox.url} SYSTOLE_PUBLIC_URL=http://127.0.0.1:${systolePort} \\
  SYSTOLE_DATA_DIR=./data/try SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true npm start`);
    await aborted(terminal.signal);
    await sandbox.close();
    return 0;
  });
