/** `systole migrate`: brings the database up to date before processes of a new version start. */
import { loadConfig } from "../config.ts";
import { citusFindings } from "../doctor/citus.ts";
import { openStore } from "../open-store.ts";
import { migrations } from "../store/migrate.ts";
import { storeError } from "../store/store-error.ts";
import { createLogger } from "../telemetry/log.ts";
import { runCommandLine } from "./command.ts";
import type { Terminal } from "./terminal.ts";

const help = `Brings the database up to date, checks the secret key, and ends.

  npm run systole -- migrate

Every start does the same. It is a command of its own for a cluster, where a new version's processes should find the
database ready. Processes of the former version go on meanwhile, and cannot be started again afterwards.

Where the database has Citus with workers, people's data is distributed over them, if no other process is connected;
otherwise it says so, and does only the rest (docs/guides/citus.md).

  --help

Settings are environment variables: docs/configuration.md
`;

export const runMigrate = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {} }, args, terminal, async () => {
    const config = loadConfig(terminal.env);
    await using opened = new AsyncDisposableStack();
    const { db } = await openStore(
      config,
      createLogger(config.SYSTOLE_LOG_LEVEL),
      opened,
      terminal.signal,
    ).catch((error: unknown) => {
      throw storeError(error) ?? error;
    });
    terminal.out.write(`The database is at migration ${migrations.at(-1)?.number}.\n`);
    const [finding] = await citusFindings(db);
    if (finding !== undefined) terminal.out.write(`Citus: ${finding.says}.\n`);
    if (finding?.remedy) terminal.out.write(`${finding.remedy}\n`);
    return 0;
  });
