/** A body that is read from elsewhere, as a file that is removed when it was read. */
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newId } from "../identifiers.ts";
import type { LocalBody } from "./body-store.ts";

export async function spooled(body: Readable, directory: string): Promise<LocalBody> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, newId());
  const remove = () => rm(file, { force: true });
  try {
    await pipeline(body, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, [Symbol.asyncDispose]: remove };
}
