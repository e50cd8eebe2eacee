/** The settings all object stores have in common. */
import { z } from "zod";
import type { Compression } from "./store.ts";

/** Slashes at its ends make no difference; see layout.ts. */
export const prefixSetting = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9._/=-]*$/, "may have letters, digits and . _ = / -")
  .refine(
    (prefix) => !prefix.split("/").some((part) => /^\.+$/.test(part)),
    "must not have `.` or `..` in it",
  )
  .optional()
  .describe("A folder that everything goes into, for example `systole/production`. None by default.");

const compressions = ["none", "gzip", "zstd"] as const satisfies Compression[];

export const compressionSetting = z
  .enum(compressions)
  .default("none")
  .describe("Objects are kept compressed, as `.json.gz` or `.json.zst`, with a `Content-Encoding`.");
