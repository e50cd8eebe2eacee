/**
 * Accepts uploads: stores the bodies that a person's own client pushes, with their task, before the answer is
 * sent.
 */
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../errors.ts";
import { isKeptWhole, type Provider, type ReadUpload } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { connectionIdOf } from "../store/connections.ts";
import { notePush } from "../store/pushes.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import type { Store } from "../store/store.ts";
import { createTasks, taskFor } from "../sync/create-tasks.ts";
import { canBeNamed, givenBody } from "./given.ts";
import { connectionOfToken } from "./upload-connection.ts";

export interface ArrivedUpload {
  readonly providerSlug: string;
  /** The name of the upload format. */
  readonly format: string;
  /** The upload token; null if none was sent. */
  readonly token: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AcceptedUpload {
  /** The number of bodies and deletions that were accepted. */
  readonly accepted: number;
}

/**
 * Resolves when the upload is durable; its records are made later.
 * @throws SystoleError PROVIDER_UNKNOWN, UPLOAD_FORMAT_UNKNOWN, UPLOAD_TOKEN_INVALID, UPLOAD_TOKEN_ENDED,
 * UPLOAD_CONNECTION_ENDED, UPLOAD_TOO_LARGE, UPLOAD_BODY_INVALID
 */
export async function acceptUpload(
  { db, queue }: Store,
  { providerSlug, format: name, token, headers, body }: ArrivedUpload,
): Promise<AcceptedUpload> {
  const provider = providerBySlug(providerSlug);
  const format = formatOf(provider, name);
  const connection = await connectionOfToken(db, provider.slug, token);
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
    await notePush(tx, connectionIdOf(connection), pushed);
    if (accepted > 0) await createTasks(tx, queue, [task]);
  });
  return { accepted };
}

function formatOf({ uploads, slug }: Provider, name: string): ReadUpload {
  const format = uploads !== undefined && Object.hasOwn(uploads, name) ? uploads[name] : undefined;
  if (format === undefined || isKeptWhole(format))
    throw new SystoleError("UPLOAD_FORMAT_UNKNOWN", { provider: slug, format: name });
  return format;
}
