/** `systole listen`: a receiver that verifies every signature and prints what arrives. */
import { describeEvent } from "../demo/describe-event.ts";
import { startReceiver } from "../demo/receiver.ts";
import { type AdminAddress, deleteAdmin, postAdmin } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { aborted } from "./stop-signal.ts";
import { addressOf, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const help = `Prints what Systole sends: makes a webhook destination of its own, verifies every signature, and takes the
destination away at Ctrl-C.

  npm run systole -- listen

The receiver is on this machine, so the server has to be too, with SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true.

  --port N            the receiver's port; any free one
  --environment ID    the dev-id of the environment; the first one
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token.
`;

const options = {
  port: { type: "string" },
  environment: { type: "string" },
  url: { type: "string" },
} as const;

export const runListen = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, async ({ port, environment, url }) => {
    const address = addressOf({ url, environment }, terminal.env);
    const say = (line: string): void => void terminal.out.write(`${line}\n`);
    await using opened = new AsyncDisposableStack();
    const receiver = await startReceiver(
      (event) => say(`${new Date().toISOString().slice(11, 23)}  ${describeEvent(event)}`),
      portOf(port),
    );
    opened.defer(() => receiver.close());
    const { id, secret } = await makeDestination(address, receiver.url);
    opened.defer(() => takeAway(address, id, say));
    receiver.secret = secret;
    say(listening(receiver.url, id));
    await aborted(terminal.signal);
    return 0;
  });

function portOf(text = "0"): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new UsageError(`--port ${text} is no port`);
}

async function makeDestination(address: AdminAddress, url: string): Promise<{ id: string; secret: string }> {
  const made = await postAdmin(address, "/destinations", { kind: "webhook", settings: { url } });
  return { id: String(made.id), secret: String(made.secret) };
}

async function takeAway(address: AdminAddress, id: string, say: (line: string) => void): Promise<void> {
  const path = `/destinations/${id}`;
  await deleteAdmin(address, path).catch((error: Error) => {
    say(`The destination ${id} is still there: ${error.message}`);
  });
}

const listening = (url: string, id: string): string => `Listening on ${url} as destination ${id}.
What happens from now on is one line each. To send here what is there already, in another terminal:

  npm run systole -- replay --since 30d --outcome none --destination ${id}

Ctrl-C ends it and takes the destination away.
`;
