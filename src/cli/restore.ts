/** `systole restore`: an empty database, filled from a backup. */
import path from "node:path";
import { loadConfig } from "../config.ts";
import { databaseAtHand } from "../database-at-hand.ts";
import { openBodies } from "../open-bodies.ts";
import { restoreBackup } from "../store/backup/restore.ts";
import { openDatabase } from "../store/database.ts";
import { startEmbedded } from "../store/embedded/server.ts";
import { storeError } from "../store/store-error.ts";
import { runCommandLine } from "./command.ts";
import { keysAtHand } from "./secret-keys.ts";
import type { Terminal } from "./terminal.ts";

const help = `Fills an empty database from a backup, and puts back the large bodies. No server may run on it meanwhile.

  npm run systole -- restore systole.backup

  --help

It needs the settings that the server will have: DATABASE_URL or SYSTOLE_DATA_DIR, SYSTOLE_BODY_STORE, and the
SYSTOLE_SECRET_KEY that the backup was made with. A database with data, or another key, is refused, and nothing is
written. A backup of an older version is migrated. docs/guides/backup.md says more.
Exit codes: 0 done, 1 an error, 2 the command line is wrong, 130 broken off.
`;

export const runRestore = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {}, words: ["FILE"] }, args, terminal, async (_, [name = ""]) => {
    try {
      return await restore(path.resolve(name), terminal);
    } catch (error) {
      throw storeError(error) ?? error;
    }
  });

async function restore(file: string, { env, signal, out, err }: Terminal): Promise<number> {
  const config = loadConfig(env);
  await using opened = new AsyncDisposableStack();
  const keys = await keysAtHand(config);
  const connectionString = await databaseAtHand(config, startEmbedded, opened, signal);
  const { bodies } = await openBodies(config, connectionString, opened);
  const target = { connectionString, bodies, hasKey: keys.has };
  const header = await restoreBackup(target, { file, signal, progress: (table) => err.write(`${table}\n`) });
  const database = await openDatabase(connectionString);
  await database.close();
  out.write(
    `The database is that of ${header.createdAt}, made by Systole ${header.version}. Start Systole now.\n`,
  );
  return 0;
}
