/** What came by itself, in a notification or an upload: bodies of resources, and what was deleted. */
import type { PartsRef, PushedBody } from "../providers/provider.ts";

/** As a task's body keeps it. */
export interface Given {
  /** Drawn when it came: of two bodies of one thing the later one is the newer. */
  readonly fetchOrder: string;
  /** The path on which it came. */
  readonly path: string;
  readonly bodies: readonly PushedBody[];
  readonly deleted: readonly PartsRef[];
}

export const givenBody = (given: Given): Buffer => Buffer.from(JSON.stringify(given));

export const readGiven = (body: Buffer | null): Given =>
  JSON.parse(body?.toString("utf8") ?? "null") as Given;
