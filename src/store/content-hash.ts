import { hash } from "node:crypto";

/** Returns the hash of a part itself, the same whether the part came alone or in a list. */
export function contentHash(value: unknown): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : JSON.stringify(value ?? null);
  return hash("sha256", bytes, "buffer");
}
