/**
 * Keeps an uploaded body whole: it is checked, stored as a raw payload and given to a task before the answer is sent. A
 * body that is stored already is not stored again.
 */
import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../../errors.ts";
import type { KeptUpload } from "../../providers/provider.ts";
import { largeBody } from "../../store/bodies/body-store.ts";
import { bodyIsNamed, expectBody } from "../../store/bodies/removals.ts";
import {
  type Connection,
  type ConnectionId,
  connectionIdOf,
  lockConnection,
} from "../../store/connections.ts";
import { newId } from "../../store/identifiers.ts";
import { notePush } from "../../store/pushes.ts";
import {
  type ArrivedBody,
  findEqual,
  insertRawPayload,
  movePayload,
  nextFetchOrder,
  type PlacedBody,
} from "../../store/raw-payloads.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { createTasks, taskFor } from "../../sync/create-tasks.ts";
import { canBeNamed, givenBody } from "../given.ts";
import type { IncomingBody, ReceivedBody, Receiving } from "./receiving.ts";

export interface WholeUpload {
  readonly connection: Connection;
  /** The name of the format. */
  readonly name: string;
  readonly format: KeptUpload;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingBody;
}

/** Returns the number of bodies that were accepted: one. */
export async function keepWhole(
  { store, receiving }: { readonly store: Store; readonly receiving: Receiving },
  upload: WholeUpload,
): Promise<{ readonly accepted: number }> {
  const { connection, format, headers } = upload;
  const ref = { resource: format.resource, key: format.keyOf(headers) };
  if (!canBeNamed([ref])) throw new SystoleError("UPLOAD_BODY_INVALID", { provider: connection.provider });
  await using received = await receiving.receive(upload.body, format.maxBytes);
  const arrived = { ...ref, sha256: Buffer.from(received.sha256) };
  const id = connectionIdOf(connection);
  const known = await findEqual(store.db, id, arrived);
  const rawPayloadId = newId();
  const placed = known === null ? await place(store, { id, rawPayloadId, received }) : null;
  await store.db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, id)) === null) throw new SystoleError("UPLOAD_CONNECTION_ENDED");
    await notePush(tx, id, { format: upload.name, isByHand: format.isSentByHand ?? false });
    // Another process may have stored it meanwhile.
    const equal = await findEqual(tx, id, arrived);
    if (equal?.isSettled) return;
    const body = { ...arrived, fetchOrder: await nextFetchOrder(tx) };
    const keeping = { tx, store, upload };
    if (equal !== null) await keepAgain(keeping, { ...body, rawPayloadId: equal.rawPayloadId });
    // The equal body was erased between two statements: the client sends it again.
    else if (placed === null) throw new SystoleError("UPLOADS_BUSY");
    else await keepNew(keeping, { ...body, rawPayloadId, placed });
  });
  return { accepted: 1 };
}

/** Puts a large body into the body store, before its row is written. */
async function place(
  store: Store,
  given: { readonly id: ConnectionId; readonly rawPayloadId: string; readonly received: ReceivedBody },
): Promise<PlacedBody> {
  const { environmentId } = given.id;
  const { bytes, packed } = given.received;
  if (bytes <= largeBody) return { packed: await readFile(packed), bytes };
  const key = `${environmentId}/${given.rawPayloadId}.zst`;
  await expectBody(store.db, { environmentId, key });
  await store.bodies.put(key, packed);
  return { key, bytes };
}

interface Keeping {
  readonly tx: DatabaseTransaction;
  readonly store: Store;
  readonly upload: WholeUpload;
}

async function keepNew(
  { tx, store, upload }: Keeping,
  { placed, ...body }: ArrivedBody & { readonly rawPayloadId: string; readonly placed: PlacedBody },
): Promise<void> {
  const id = connectionIdOf(upload.connection);
  if ("key" in placed) await bodyIsNamed(tx, { environmentId: id.environmentId, key: placed.key });
  const taskId = await createTask({ tx, store, upload }, body);
  await insertRawPayload(tx, {
    ...body,
    connection: id,
    provider: upload.connection.provider,
    method: "POST",
    path: pathOf(upload),
    status: 200,
    contentType: upload.headers["content-type"] ?? null,
    body: placed,
    taskId,
  });
}

/** Gives a body that is stored already the later place in the order, and works it again: others came between. */
async function keepAgain(
  keeping: Keeping,
  body: ArrivedBody & { readonly rawPayloadId: string },
): Promise<void> {
  const taskId = await createTask(keeping, body);
  const id = connectionIdOf(keeping.upload.connection);
  await movePayload(keeping.tx, id, body.rawPayloadId, { ...body, taskId });
}

async function createTask(
  { tx, store, upload }: Keeping,
  { resource, key, rawPayloadId, fetchOrder }: ArrivedBody & { readonly rawPayloadId: string },
): Promise<string> {
  const stored = [{ resource, key, rawPayloadId }];
  const given = givenBody({ fetchOrder, path: pathOf(upload), bodies: [], deleted: [], stored });
  const task = { ...taskFor(upload.connection), kind: "given" as const, fetches: [], body: given };
  const [taskId = ""] = await createTasks(tx, store.queue, [task]);
  return taskId;
}

const pathOf = ({ connection, name }: WholeUpload): string => `/v2/uploads/${connection.provider}/${name}`;
