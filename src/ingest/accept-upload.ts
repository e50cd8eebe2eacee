/**
 * Accepts uploads: stores the bodies that a person's own client pushes, with their task, before the answer is
 * sent.
 */
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../errors.ts";
import { isFile, isKeptWhole, type Provider, type ReadUpload } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { assertConnected, notePush } from "../store/pushes.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import type { Store } from "../store/store.ts";
import { createTasks, taskFor } from "../sync/create-tasks.ts";
import { canBeNamed, givenBody } from "./given.ts";
import { connectionOfToken } from "./upload-connection.ts";

/** What a client sends in one of its provider's formats. */
export interface SentUpload {
  /** The name of the upload format. */
  readonly format: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ArrivedUpload extends SentUpload {
  readonly providerSlug: string;
  /** The upload token; null if none was sent. */
  readonly token: string | null;
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
  store: Store,
  { providerSlug, token, ...sent }: ArrivedUpload,
): Promise<AcceptedUpload> {
  const provider = providerBySlug(providerSlug);
  formatOf(provider, sent.format);
  return acceptFrom(store, await connectionOfToken(store.db, [provider], token), sent);
}

/**
 * Accepts an upload of a known connection. Resolves when the upload is durable; its records are made later.
 * @throws SystoleError UPLOAD_FORMAT_UNKNOWN, UPLOAD_CONNECTION_ENDED, UPLOAD_TOO_LARGE, UPLOAD_BODY_INVALID
 */
export async function acceptFrom(
  { db, queue }: Store,
  connection: Connection,
  { format: name, headers, body }: SentUpload,
): Promise<AcceptedUpload> {
  const provider = providerBySlug(connection.provider);
  const format = formatOf(provider, name);
  if (body.length > format.maxBytes) {
    throw new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: format.maxBytes });
  }
  const { bodies, deleted } = format.read({ headers, body });
  if (!canBeNamed([...bodies, ...deleted])) {
    throw new SystoleError("UPLOAD_BODY_INVALID", { provider: provider.slug });
  }
  const accepted = bodies.length + deleted.length;
  const pushed = { format: name, isByHand: format.isSentByHand ?? false };
  const given = {
    fetchOrder: await nextFetchOrder(db),
    path: `/v2/uploads/${provider.slug}/${name}`,
    bodies,
    deleted,
  };
  const task = { ...taskFor(connection), kind: "given" as const, fetches: [], body: givenBody(given) };
  await db.transaction().execute(async (tx) => {
    if (isSetting(provider, name)) await assertConnected(tx, connectionIdOf(connection));
    else await notePush(tx, connectionIdOf(connection), pushed);
    if (accepted > 0) await createTasks(tx, queue, [task]);
  });
  return { accepted };
}

/** What a person chose is no sign that data comes. */
const isSetting = ({ connecting }: Provider, format: string): boolean =>
  connecting.kind === "upload" && connecting.zone?.format === format;

function formatOf({ uploads, slug }: Provider, name: string): ReadUpload {
  const format = uploads !== undefined && Object.hasOwn(uploads, name) ? uploads[name] : undefined;
  if (format === undefined || isKeptWhole(format) || isFile(format))
    throw new SystoleError("UPLOAD_FORMAT_UNKNOWN", { provider: slug, format: name });
  return format;
}
