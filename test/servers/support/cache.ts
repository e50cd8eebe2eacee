/** The user's cache directory, where servers for tests keep their programs, data and state between runs. */
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const { SYSTOLE_TEST_SERVERS, XDG_CACHE_HOME } = process.env;
const root =
  SYSTOLE_TEST_SERVERS ||
  path.join(XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "systole-test-servers");

/** Returns a directory in the cache, created if necessary. */
export function cacheDirectory(...names: readonly string[]): string {
  const directory = path.join(root, ...names);
  mkdirSync(directory, { recursive: true });
  return directory;
}
