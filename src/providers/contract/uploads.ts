/** Uploads: bodies and deletions that the person's own client pushes to us. */
import type { IncomingHttpHeaders } from "node:http";
import type { PushedBody } from "./notifications.ts";
import type { PartsRef } from "./resources.ts";

/** An upload as received; its client has been authenticated by the upload token. */
export interface UploadRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The content of an upload. It is ingested like fetched bodies. */
export interface UploadContent {
  readonly bodies: readonly PushedBody[];
  /** Parts that the person deleted. */
  readonly deleted: readonly PartsRef[];
}

/** One upload format, received at `/v2/uploads/{slug}/{name}`. */
export interface UploadFormat {
  /** The size of the largest body that a client may send. */
  readonly maxBytes: number;
  /** Returns the content of an upload. Called before the upload is answered. @throws SystoleError UPLOAD_BODY_INVALID */
  read(request: UploadRequest): UploadContent;
}
