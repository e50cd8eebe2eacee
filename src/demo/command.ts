/** `systole demo`. */
import { runCommandLine } from "../cli/command.ts";
import type { Terminal } from "../cli/terminal.ts";
import { runDemo } from "./demo.ts";

const help = `Shows the whole way: the server, sandboxes that play the providers, a person who connects a device of each, 28 days of
data, and a receiver that verifies every signature and prints what arrives.

  npm run demo
  npm run demo -- --once

  --once   ends when an activity, a day and a night have arrived: 0 when their signatures are good
  --help

SYSTOLE_PORT and SANDBOX_PORT move it to other ports. Its data is in SYSTOLE_DATA_DIR/demo (./data/demo) and is
thrown away at its next start; a real installation is never touched.
`;

const options = { once: { type: "boolean" } } as const;

export const runDemoCommand = (
  args: readonly string[],
  terminal: Terminal & { readonly out: NodeJS.WriteStream },
): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, ({ once = false }) => runDemo({ ...terminal, once }));
