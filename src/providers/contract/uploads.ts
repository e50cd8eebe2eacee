/** What a client of a person's pushes to us: bodies of the provider's resources, and deletions. */
import type { IncomingHttpHeaders } from "node:http";
import type { PushedBody } from "./notifications.ts";
import type { PartsRef } from "./resources.ts";

export interface UploadRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface UploadContent {
  readonly bodies: readonly PushedBody[];
  /** Parts that the person deleted. */
  readonly deleted: readonly PartsRef[];
}

/** One format in which a client pushes, at `/v2/uploads/{slug}/{name}`. */
export interface UploadFormat {
  /** Largest body that a client may send. */
  readonly maxBytes: number;
  /** @throws SystoleError UPLOAD_BODY_INVALID */
  read(request: UploadRequest): UploadContent;
}
