/** `systole sandbox`: runs simulated providers. */
import { loadConfig } from "../config.ts";
import { openSandboxes } from "../open-sandbox.ts";
import { runCommandLine } from "./command.ts";
import { aborted } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

const help = `Starts a sandbox of each provider that has one, for trying and testing, on one port. Everything lives in memory.

  npm run sandbox

SANDBOX_PORT   the port, 8090
What they can do: src/sandbox/README.md
`;

const ownVariables = (port: number) => ({
  SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${port}`,
  SYSTOLE_DATA_DIR: "./data/try",
  SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
});

export const runSandbox = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {} }, args, terminal, async () => {
    const { SANDBOX_PORT: port, SYSTOLE_PORT: systolePort } = loadConfig(terminal.env);
    const say = (line: string): void => void terminal.out.write(`${line}\n`);
    const sandboxes = await openSandboxes({ port, log: say });
    say(
      `Start Systole against ${sandboxes.all.length === 1 ? "it" : "them"} with:\n${command(sandboxes.variables, systolePort)}`,
    );
    await aborted(terminal.signal);
    await sandboxes.close();
    return 0;
  });

/** Returns one shell command over several lines. */
function command(variables: Readonly<Record<string, string>>, port: number): string {
  const pairs = Object.entries({ ...variables, ...ownVariables(port) }).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [...pairs.map((pair) => `  ${pair} \\`), "  npm start"].join("\n");
}
