/** Facts about the database itself, in the table `house`. */
import { SystoleError } from "../errors.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** The key of the fact that proves the secret key, and the context that it is sealed with. */
export const keyCheck = "key-check";
const keyCheckText = "systole";

/** Checks the secret key. @throws SystoleError SECRET_KEY_WRONG when this database was sealed with another key. */
export async function checkSecretKey(db: DatabaseOrTransaction, keyRing: KeyRing): Promise<void> {
  await keepFact(db, keyCheck, keyRing.seal(keyCheckText, keyCheck));
  const sealed = await readFact(db, keyCheck);
  try {
    keyRing.open(sealed as Buffer, keyCheck);
  } catch (cause) {
    throw new SystoleError("SECRET_KEY_WRONG", {}, { cause });
  }
}

/** Whether a secret key has been used with this database. */
export const isSealed = async (db: DatabaseOrTransaction): Promise<boolean> =>
  (await readFact(db, keyCheck)) !== null;

/** Stores a fact unless it exists. */
async function keepFact(db: DatabaseOrTransaction, key: string, value: Buffer): Promise<void> {
  await db
    .insertInto("house")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
}

async function readFact(db: DatabaseOrTransaction, key: string): Promise<Buffer | null> {
  const row = await db.selectFrom("house").select("value").where("key", "=", key).executeTakeFirst();
  return row?.value ?? null;
}
