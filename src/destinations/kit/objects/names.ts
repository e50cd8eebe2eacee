/**
 * Text from outside (user ids, times, natural keys) as parts of an object's key. Characters that are not plain are
 * percent-encoded, so that a part can neither leave its folder nor be mistaken for another.
 */
import { createHash } from "node:crypto";

/** The longest part of a path that the file systems behind self-hosted stores take. */
const longest = 240;

const plain = /[A-Za-z0-9_@:+-]/;

/** Encodes a text. A dot stays between letters and digits only: no part can be `..` or end in a dot. */
export function safePart(text: string): string {
  return Array.from(Buffer.from(text, "utf8"), safeByte)
    .join("")
    .replace(/^\.|\.(?![A-Za-z0-9])/g, "%2E");
}

function safeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === "." || plain.test(character)) return character;
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * Returns the name itself, or as much of it as fits, `~` and its SHA-256. `~` is in no other name. `reserved` is the
 * length of the text that follows it.
 */
export function boundedName(name: string, reserved: number): string {
  if (name.length + reserved <= longest) return name;
  const digest = sha256(name);
  const start = name.slice(0, longest - reserved - digest.length - 1);
  return `${start.replace(/%.?$/, "")}~${digest}`;
}

/** A record's start as it is in the key: without a fraction of zeros, with `Z` where it is UTC. */
export function timeInKey(time: string): string {
  return safePart(time.replace(/\.0+(?=$|[Z+-])/, "").replace(/[+-]00:00$/, "Z"));
}

/** An instant in Terra's form, `2026-03-12T06:00:00Z`. */
export const instantInKey = (unixMs: number): string => `${new Date(unixMs).toISOString().slice(0, 19)}Z`;

export const sha256 = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");
