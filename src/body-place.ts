/** The place of bodies, read from SYSTOLE_BODY_STORE. */
import path from "node:path";
import type { Config } from "./config.ts";

export type BodyPlace =
  /** In rows; large uploads are files of this directory. */
  | { readonly kind: "rows"; readonly directory: string }
  | { readonly kind: "directory"; readonly directory: string }
  /** `incoming`: the directory in which a body waits until it is stored. */
  | { readonly kind: "bucket"; readonly url: URL; readonly incoming: string };

export function bodyPlace({
  SYSTOLE_BODY_STORE: place,
  SYSTOLE_DATA_DIR: data,
}: Pick<Config, "SYSTOLE_BODY_STORE" | "SYSTOLE_DATA_DIR">): BodyPlace {
  const own = path.join(data, "bodies");
  if (place === "postgres") return { kind: "rows", directory: own };
  const isBucket = /^\w+:\/\//.test(place) && !place.startsWith("file:");
  if (isBucket) return { kind: "bucket", url: new URL(place), incoming: path.join(own, "incoming") };
  return { kind: "directory", directory: path.resolve(place.replace(/^file:(?:\/\/)?/, "")) };
}
