/** The ids of the secret keys that a command has: from the settings, or from the file in the data directory. */
import type { Config } from "../config.ts";
import { SystoleError } from "../errors.ts";
import { KeyRing } from "../security/key-ring.ts";
import { readSecretKey } from "../security/secret-key.ts";

export interface KeysAtHand {
  /** The id of the key that seals, in hexadecimal. */
  readonly current: string;
  has(id: string): boolean;
}

/** @throws SystoleError SECRET_KEY_MISSING where there is none */
export async function keysAtHand(config: Config): Promise<KeysAtHand> {
  const {
    SYSTOLE_SECRET_KEY: given,
    SYSTOLE_SECRET_KEY_PREVIOUS: former,
    SYSTOLE_DATA_DIR: directory,
  } = config;
  const key = given === undefined ? (await readSecretKey(directory))?.key : Buffer.from(given, "base64");
  if (key === undefined) throw new SystoleError("SECRET_KEY_MISSING", { directory });
  const ids = [key, ...(former === undefined ? [] : [Buffer.from(former, "base64")])].map((each) =>
    new KeyRing(each).currentId.toString("hex"),
  );
  return { current: ids[0] as string, has: (id) => ids.includes(id) };
}
