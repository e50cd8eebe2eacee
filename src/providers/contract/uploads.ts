/** Uploads: bodies and deletions that the person's own client pushes to us. */
import type { IncomingHttpHeaders } from "node:http";
import type { PushedBody } from "./notifications.ts";
import type { PartsRef } from "./resources.ts";
import type { Text } from "./text.ts";

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
export type UploadFormat = ReadUpload | KeptUpload | FileUpload;

/** The address and the header with which a person's client uploads in one format. */
export interface UploadAccess {
  readonly url: string;
  readonly token: string;
  /** The header that carries the token: its name and its value. */
  readonly header: readonly [name: string, value: string];
}

/** A link that sets up an app by itself. */
export interface SetUpLink {
  readonly label: Text;
  readonly url: string;
}

/** How a person sets a format up. The connect page shows it; without one, a format is for developers only. */
export interface UploadGuide {
  /** The name of the app, or of what is sent. */
  readonly title: Text;
  /** The steps to take, in plain words. */
  readonly steps: readonly Text[];
  /** Links that set an app up. The page shows each as a code to scan as well. */
  links?(access: UploadAccess): readonly SetUpLink[];
  /** Whether the person enters the address and the header in an app. */
  readonly isEntered?: boolean;
  /** A file that the person chooses on the page; `accept` as in HTML. */
  readonly file?: { readonly accept: string };
}

/** The facts that every format declares. */
interface UploadForm {
  readonly guide?: UploadGuide;
  /** The size of the largest body that a client may send, unpacked. */
  readonly maxBytes: number;
  /** Whether people send it by hand, so that none is expected. Otherwise a long silence is reported. */
  readonly isSentByHand?: boolean;
  /** The JSON Schema of its bodies, where it is published. */
  readonly schema?: object;
}

/** A format of small bodies, which are read before the upload is answered. */
export interface ReadUpload extends UploadForm {
  /** Returns the content of an upload. @throws SystoleError UPLOAD_BODY_INVALID */
  read(request: UploadRequest): UploadContent;
}

/**
 * A format whose JSON bodies may be large, or must be answered with success whatever they contain. A body is kept whole
 * as a raw payload; before the answer it is only checked that it is JSON.
 */
export interface KeptUpload extends UploadForm {
  /** The resource that reads the body. */
  readonly resource: string;
  /** Returns the body's key: what the reader needs to know of the headers. */
  keyOf(headers: IncomingHttpHeaders): string;
}

/**
 * A format of large files, received in pieces that can be resumed, and read by a job after the answer. How far it has come
 * can be asked for.
 */
export interface FileUpload extends UploadForm {
  /** The resource that reads the file, with `partsOfFile`. */
  readonly fileOf: string;
}

/** Tells the forms apart. */
export const isFile = (format: UploadFormat): format is FileUpload => "fileOf" in format;
export const isKeptWhole = (format: UploadFormat): format is KeptUpload => "keyOf" in format;
