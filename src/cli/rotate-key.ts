/** `systole rotate-key`: has a running server seal every secret with its current key. */
import { type AdminAddress, getAdmin, postAdmin } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { addressOf, type Terminal } from "./terminal.ts";

const help = `Seals every secret in the database under a new secret key, while the server goes on.

  1. Make a key:                  head -c 32 /dev/urandom | base64
  2. Restart every process with SYSTOLE_SECRET_KEY set to it, and SYSTOLE_SECRET_KEY_PREVIOUS to the former
     key (without a SYSTOLE_SECRET_KEY so far, that is the text of the file secret-key in the data directory).
  3. Run this:                    npm run systole -- rotate-key
  4. Restart without SYSTOLE_SECRET_KEY_PREVIOUS. The former key opens nothing any more.

With several processes, begin by restarting them one by one with SYSTOLE_SECRET_KEY_PREVIOUS set to the new key,
so that each of them opens what the others seal.

  --url URL    where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token. Broken off, it may be run again: what is done stays done.
Exit codes: 0 done, 1 something is left under a former key, 2 the command line is wrong, 130 broken off.
`;

interface Step {
  readonly resealed: number;
  readonly failed: readonly { readonly table: string; readonly column: string }[];
  readonly next: object | null;
}

const options = { url: { type: "string" } } as const;

export const runRotateKey = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, async ({ url }) =>
    rotate(addressOf({ url, environment: undefined }, terminal.env), terminal),
  );

async function rotate(address: AdminAddress, { out, err, signal }: Terminal): Promise<number> {
  const total = await left(address);
  err.write(`${total} values are sealed with former keys\n`);
  const failed = new Map<string, number>();
  let resealed = 0;
  let from: object | null = null;
  do {
    const step = (await postAdmin(address, "/secret-key/reseal", { from })) as unknown as Step;
    resealed += step.resealed;
    for (const { table, column } of step.failed) {
      failed.set(`${table}.${column}`, (failed.get(`${table}.${column}`) ?? 0) + 1);
    }
    if (step.resealed > 0) err.write(`${resealed} of ${total} sealed anew\n`);
    from = step.next;
    if (signal.aborted && from !== null) {
      err.write("Broken off; run it again to go on.\n");
      return 130;
    }
  } while (from !== null);
  for (const [column, count] of failed) {
    err.write(
      `${count} in ${column} open with no key of this server: SYSTOLE_SECRET_KEY_PREVIOUS may be wrong\n`,
    );
  }
  return end(await left(address), { out, err });
}

function end(rest: number, { out, err }: Pick<Terminal, "out" | "err">): number {
  if (rest === 0) {
    out.write("Everything is sealed with the current key; SYSTOLE_SECRET_KEY_PREVIOUS can go.\n");
    return 0;
  }
  err.write(`${rest} values are still sealed with former keys. Does a process run without the new key?\n`);
  return 1;
}

async function left(address: AdminAddress): Promise<number> {
  return Number((await getAdmin(address, "/secret-key")).under_former_keys);
}
