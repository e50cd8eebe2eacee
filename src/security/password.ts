/**
 * Passwords as argon2id hashes in the PHC form, so that a hash says with which parameters it was made.
 * The library's own parameters are those of OWASP's sheet: 19 MiB, two passes, one lane.
 *
 * One hash at a time: each takes 19 MiB and a thread of the pool that files and compression use too.
 */
import { hash, verify } from "@node-rs/argon2";
import { OneAtATime } from "../one-at-a-time.ts";

export const shortestPassword = 12;
/** A longer text would only keep the processor busy. */
export const longestPassword = 256;

const hashing = new OneAtATime();

export const hashPassword = (password: string): Promise<string> => hashing.do(() => hash(password));

let nobodys: Promise<string> | undefined;

/** Without a hash (nobody has that e-mail) it takes as long, so that the time does not tell who has an account. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  nobodys ??= hashPassword("nobody has this password");
  const compared = passwordHash ?? (await nobodys);
  const isRight = await hashing.do(() => verify(compared, password));
  return isRight && passwordHash !== null;
}
