/** `systole backup`: everything in one file. */
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { loadConfig } from "../config.ts";
import { databaseAtHand } from "../database-at-hand.ts";
import { openBodies } from "../open-bodies.ts";
import { writeBackup } from "../store/backup/backup.ts";
import { reachEmbedded } from "../store/embedded/running.ts";
import { storeError } from "../store/store-error.ts";
import { runCommandLine } from "./command.ts";
import { keysAtHand } from "./secret-keys.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const help = `Writes everything into one file while the server goes on: the database as it is at one moment, and the large
bodies that it names.

  npm run systole -- backup systole.backup

  --help

It needs the server's own settings: DATABASE_URL or SYSTOLE_DATA_DIR, SYSTOLE_SECRET_KEY, SYSTOLE_BODY_STORE. The secret
key is not in the file, only its fingerprint: keep the key apart. docs/guides/backup.md says more.
Exit codes: 0 done, 1 an error, 2 the command line is wrong, 130 broken off.
`;

/** Tables with less are not worth a line. */
const shownBytes = 50_000;

export const runBackup = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options: {}, words: ["FILE"] }, args, terminal, async (_, [name = ""]) => {
    const file = path.resolve(name);
    if (existsSync(file)) throw new UsageError(`${name} is there already`);
    if (!existsSync(path.dirname(file))) throw new UsageError(`There is no directory ${path.dirname(file)}`);
    try {
      return await backUp(file, terminal);
    } catch (error) {
      throw storeError(error) ?? error;
    }
  });

async function backUp(file: string, { env, signal, out, err }: Terminal): Promise<number> {
  const config = loadConfig(env);
  await using opened = new AsyncDisposableStack();
  const { current } = await keysAtHand(config);
  const connectionString = await databaseAtHand(config, reachEmbedded, opened, signal);
  const { bodies } = await openBodies(config, connectionString, opened);
  const source = { connectionString, bodies, key: current, version: manifest.version };
  const half = `${file}.part-${process.pid}`;
  opened.defer(() => rm(half, { force: true }));
  const progress = (table: string, bytes: number): void => {
    if (bytes >= shownBytes) err.write(`${table}: ${megabytes(bytes)} MB\n`);
  };
  const written = await writeBackup(source, { file: half, signal, progress });
  await rename(half, file);
  out.write(
    `${file}: ${written.tables} tables with ${megabytes(written.bytes)} MB of rows, ${written.bodies} large bodies\n`,
  );
  if (written.missing > 0) err.write(`${written.missing} large bodies are missing in the body store\n`);
  return 0;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
