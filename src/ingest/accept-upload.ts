/** Accepts uploads: stores what a person's own client pushes, with its task, before the answer is sent. */
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../errors.ts";
import {
  isFile,
  isKeptWhole,
  type KeptUpload,
  type Provider,
  type ReadUpload,
} from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { assertConnected, notePush } from "../store/pushes.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import type { Store } from "../store/store.ts";
import { createTasks, taskFor } from "../sync/create-tasks.ts";
import { canBeNamed, givenBody } from "./given.ts";
import { keepWhole } from "./receiving/keep-whole.ts";
import type { IncomingBody, Receiving } from "./receiving/receiving.ts";
import { connectionOfToken } from "./upload-connection.ts";

/** The body and headers that a client sends in one of its provider's formats. */
export interface SentUpload {
  /** The name of the upload format. */
  readonly format: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingBody;
}

export interface ArrivedUpload extends SentUpload {
  readonly providerSlug: string;
  /** The upload token; null if none was sent. */
  readonly token: string | null;
  /** Called once the token is known, before the body is read. */
  known(): void;
}

export interface UploadDeps {
  readonly store: Store;
  readonly receiving: Receiving;
}

export interface AcceptedUpload {
  /** The number of bodies and deletions that were accepted. */
  readonly accepted: number;
}

/**
 * Accepts an upload by its token.
 * @throws SystoleError PROVIDER_UNKNOWN, UPLOAD_TOKEN_INVALID, UPLOAD_TOKEN_ENDED, and those of acceptFrom
 */
export async function acceptUpload(
  deps: UploadDeps,
  { providerSlug, token, known, ...sent }: ArrivedUpload,
): Promise<AcceptedUpload> {
  const provider = providerBySlug(providerSlug);
  formatOf(provider, sent.format);
  const connection = await connectionOfToken(deps.store.db, [provider], token);
  known();
  return acceptFrom(deps, connection, sent);
}

/**
 * Accepts an upload of a known connection. Resolves when the upload is durable; its records are made later.
 * @throws SystoleError UPLOAD_FORMAT_UNKNOWN, UPLOAD_CONNECTION_ENDED, UPLOAD_TOO_LARGE, UPLOAD_BODY_INVALID,
 * UPLOAD_NOT_JSON, UPLOAD_CUT_OFF, UPLOAD_COMPRESSED_TWICE, UPLOADS_BUSY
 */
export async function acceptFrom(
  deps: UploadDeps,
  connection: Connection,
  { format: name, headers, body }: SentUpload,
): Promise<AcceptedUpload> {
  const format = formatOf(providerBySlug(connection.provider), name);
  return deps.receiving.during(connection.user_id, async () => {
    if (isKeptWhole(format)) return keepWhole(deps, { connection, name, format, headers, body });
    const bytes = await gathered(body, format.maxBytes);
    return acceptRead(deps.store, connection, { name, format, headers, body: bytes });
  });
}

/** @throws SystoleError UPLOAD_TOO_LARGE */
async function gathered(body: IncomingBody, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: maxBytes });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

interface ReadBody {
  readonly name: string;
  readonly format: ReadUpload;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Accepts a small body, which is read at once and kept with its task. */
async function acceptRead(
  { db, queue }: Store,
  connection: Connection,
  { name, format, headers, body }: ReadBody,
): Promise<AcceptedUpload> {
  const { provider } = connection;
  const { bodies, deleted } = format.read({ headers, body });
  if (!canBeNamed([...bodies, ...deleted])) throw new SystoleError("UPLOAD_BODY_INVALID", { provider });
  const accepted = bodies.length + deleted.length;
  const pushed = { format: name, isByHand: format.isSentByHand ?? false };
  const given = {
    fetchOrder: await nextFetchOrder(db),
    path: `/v2/uploads/${provider}/${name}`,
    bodies,
    deleted,
  };
  const task = { ...taskFor(connection), kind: "given" as const, fetches: [], body: givenBody(given) };
  await db.transaction().execute(async (tx) => {
    if (isSetting(providerBySlug(provider), name)) await assertConnected(tx, connectionIdOf(connection));
    else await notePush(tx, connectionIdOf(connection), pushed);
    if (accepted > 0) await createTasks(tx, queue, [task]);
  });
  return { accepted };
}

/** Whether a format holds settings: those are no sign that data comes. */
const isSetting = ({ connecting }: Provider, format: string): boolean =>
  connecting.kind === "upload" && connecting.zone?.format === format;

/** Files come by another route, in pieces. */
function formatOf({ uploads, slug }: Provider, name: string): ReadUpload | KeptUpload {
  const format = uploads !== undefined && Object.hasOwn(uploads, name) ? uploads[name] : undefined;
  if (format === undefined || isFile(format)) {
    throw new SystoleError("UPLOAD_FORMAT_UNKNOWN", { provider: slug, format: name });
  }
  return format;
}
