/** `systole move-bodies`: has a running server move bodies out of its database. */
import { type AdminAddress, getAdmin, postAdmin } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { addressOf, type Terminal } from "./terminal.ts";

const help = `Moves raw payloads, record details and event bodies from the database into SYSTOLE_BODY_STORE, while the server goes on.

  1. Restart every process with SYSTOLE_BODY_STORE: new bodies go there from then on.
  2. Run this:                    npm run systole -- move-bodies
  3. Give the disk space back:    docs/guides/bodies.md

  --url URL    where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token. Broken off, it may be run again: what is moved stays moved.
Exit codes: 0 done, 1 refused or the store failed, 2 the command line is wrong, 130 broken off.
`;

interface Step {
  readonly moved: number;
  readonly bytes: number;
  readonly next: object | null;
}

const options = { url: { type: "string" } } as const;

export const runMoveBodies = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, async ({ url }) =>
    move(addressOf({ url, environment: undefined }, terminal.env), terminal),
  );

async function move(address: AdminAddress, { out, err, signal }: Terminal): Promise<number> {
  const total = await getAdmin(address, "/bodies");
  err.write(`${total.bodies} bodies (${megabytes(Number(total.bytes))}) are in the database\n`);
  let [moved, bytes] = [0, 0];
  let from: object | null = null;
  do {
    const step = (await postAdmin(address, "/bodies/move", { from })) as unknown as Step;
    moved += step.moved;
    bytes += step.bytes;
    if (step.moved > 0) err.write(`${moved} of ${total.bodies} moved (${megabytes(bytes)})\n`);
    from = step.next;
    if (signal.aborted && from !== null) {
      err.write("Broken off; run it again to go on.\n");
      return 130;
    }
  } while (from !== null);
  out.write(`${moved} bodies (${megabytes(bytes)}) were moved out of the database.\n`);
  return 0;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
