/** Data that arrived unasked, in a notification or an upload: bodies of resources, and deletions. */
import type { PartsRef, PushedBody, ResourceRef } from "../providers/provider.ts";

/** The form in which a task's body stores it. */
export interface Given {
  /** Drawn on arrival: of two bodies of one thing the later one is the newer. */
  readonly fetchOrder: string;
  /** The path on which it arrived. */
  readonly path: string;
  readonly bodies: readonly PushedBody[];
  readonly deleted: readonly PartsRef[];
  /** Bodies that were stored when they arrived. */
  readonly stored?: readonly StoredUpload[];
}

/** A body that is stored as a raw payload already. */
export interface StoredUpload extends ResourceRef {
  readonly rawPayloadId: string;
}

export const givenBody = (given: Given): Buffer => Buffer.from(JSON.stringify(given));

export const readGiven = (body: Buffer | null): Given =>
  JSON.parse(body?.toString("utf8") ?? "null") as Given;

/** Whether PostgreSQL can store the texts: it takes no NUL character, and no half of a surrogate pair in JSON. */
export const canBeKept = (...texts: readonly string[]): boolean =>
  texts.every((text) => !text.includes("\u0000") && text.isWellFormed());

/** Whether the keys can be stored. Bodies are stored as bytes and may contain anything. */
export const canBeNamed = (refs: readonly PartsRef[]): boolean => refs.every(({ key }) => canBeKept(key));
