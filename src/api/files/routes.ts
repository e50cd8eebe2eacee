/**
 * `/v2/uploads/{provider}/{format}` for formats of files: received in pieces that can be resumed, or in one request, with
 * the token of the person's connection. The state of an upload can be asked for, or followed as it changes.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { acceptFile } from "../../ingest/files/accept-file.ts";
import { receivedIn } from "../../ingest/files/places.ts";
import { connectionOfToken } from "../../ingest/upload-connection.ts";
import { type FileUpload, isFile, type Provider } from "../../providers/provider.ts";
import { type Connection, connectionIdOf } from "../../store/connections.ts";
import type { Store } from "../../store/store.ts";
import { deleteUpload, findUpload, noteArrival, type Upload } from "../../store/uploads.ts";
import { header } from "../auth.ts";
import { allowUpload } from "../connection-limits.ts";
import { beginUpload, type FileSender, receiveFile } from "./receive-file.ts";
import { Resumable } from "./resumable.ts";
import { UploadEvents } from "./upload-events.ts";
import { uploadView } from "./upload-view.ts";

/** A file format of a provider, and its address. */
interface FileRoute {
  readonly provider: Provider;
  readonly name: string;
  readonly format: FileUpload;
  readonly path: string;
}

export function fileRoutes(store: Store, providers: readonly Provider[]) {
  return async (app: FastifyInstance): Promise<void> => {
    // Bodies are read as streams.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, body, done) => done(null, body));
    const events = new UploadEvents(store.db);
    app.addHook("preClose", async () => events.close());
    for (const route of routesOf(providers)) new FileRoutes(store, route, events).register(app);
  };
}

const routesOf = (providers: readonly Provider[]): FileRoute[] =>
  providers.flatMap((provider) =>
    Object.entries(provider.uploads ?? {}).flatMap(([name, format]) =>
      isFile(format) ? [{ provider, name, format, path: `/v2/uploads/${provider.slug}/${name}` }] : [],
    ),
  );

const params = z.object({ id: z.uuid() });
const tags = ["Uploads"];

class FileRoutes {
  readonly #store: Store;
  readonly #route: FileRoute;
  readonly #events: UploadEvents;
  readonly #resumable: Resumable;
  /** The connection of each request that the library handles. */
  readonly #connections = new WeakMap<IncomingMessage, Connection>();
  /** The upload of each request that is about one. */
  readonly #uploads = new WeakMap<IncomingMessage, string>();

  constructor(store: Store, route: FileRoute, events: UploadEvents) {
    this.#store = store;
    this.#route = route;
    this.#events = events;
    const directory = receivedIn(store.bodies);
    this.#resumable = new Resumable(
      { path: route.path, directory, maxBytes: route.format.maxBytes },
      {
        idOf: (request) => this.#uploads.get(request),
        begin: (request, uploadId, fileBytes) =>
          beginUpload(store, this.#senderOf(this.#connectionOf(request)), { uploadId, fileBytes }),
        finish: (request, uploadId, file) =>
          acceptFile(store, { ...this.#senderOf(this.#connectionOf(request)), uploadId, file }),
        giveUp: (request, uploadId) => {
          const { environmentId } = connectionIdOf(this.#connectionOf(request));
          return deleteUpload(store.db, { environmentId, uploadId });
        },
      },
    );
  }

  register(app: FastifyInstance): void {
    const { path: base } = this.#route;
    const one = `${base}/:id`;
    const describe = (summary: string, description: string) => ({ summary, description, tags });
    app.post(base, { schema: describe("A file, in pieces or whole", resumableText) }, (request, reply) =>
      this.#post(request, reply),
    );
    app.get(
      one,
      { exposeHeadRoute: false, schema: { ...describe("The state of a file", stateText), params } },
      (request) => this.#show(request),
    );
    app.get(
      `${one}/events`,
      {
        exposeHeadRoute: false,
        schema: { ...describe("The state of a file, as it changes", eventsText), params },
      },
      (request, reply) => this.#follow(request, reply),
    );
    const hidden = { schema: { hide: true, params } };
    app.head(one, hidden, (request, reply) => this.#offset(request, reply));
    app.patch(one, hidden, (request, reply) => this.#handle(request, reply));
    app.delete(one, hidden, (request, reply) => this.#remove(request, reply));
  }

  async #post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const connection = await this.#authenticate(request);
    if (request.headers["tus-resumable"] !== undefined) return this.#hand(request, reply);
    const uploadId = await receiveFile(this.#store, this.#senderOf(connection), request.raw);
    const url = `${this.#route.path}/${uploadId}`;
    return reply.code(202).header("location", url).send({ status: "success", upload_id: uploadId, url });
  }

  async #show(request: FastifyRequest) {
    return uploadView(await this.#uploadOf(request));
  }

  async #follow(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { environment_id: environmentId, upload_id: uploadId } = await this.#uploadOf(request);
    return reply
      .type("text/event-stream")
      .headers({ "cache-control": "no-store", "x-accel-buffering": "no" })
      .send(this.#events.open({ environmentId, uploadId }));
  }

  /** A client whose last answer was lost asks how much is there: all of it. */
  async #offset(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { state: stateBefore, upload_id: uploadId } = await this.#uploadOf(request);
    if (stateBefore === "receiving") await this.#resumable.finishLeft(request.raw, uploadId);
    const { state, file_bytes: bytes } = await this.#uploadOf(request);
    if (state === "receiving") return this.#hand(request, reply);
    return reply
      .headers({
        "tus-resumable": "1.0.0",
        "upload-offset": bytes ?? "0",
        "upload-length": bytes ?? "0",
        "cache-control": "no-store",
      })
      .send();
  }

  async #handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { environment_id: environmentId, upload_id: uploadId } = await this.#uploadOf(request);
    await noteArrival(this.#store.db, { environmentId, uploadId });
    return this.#hand(request, reply);
  }

  async #remove(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { state, upload_id: uploadId } = await this.#uploadOf(request);
    if (state === "receiving") await this.#resumable.remove(request.raw, uploadId);
    return reply.code(204).header("tus-resumable", "1.0.0").send();
  }

  async #hand(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    reply.hijack();
    await this.#resumable.handle(request.raw, reply.raw);
    return reply;
  }

  #senderOf(connection: Connection): FileSender {
    const { name, format } = this.#route;
    return { connection, name, format };
  }

  /** @throws SystoleError UPLOAD_TOKEN_INVALID, UPLOAD_TOKEN_ENDED, UPLOAD_CONNECTION_ENDED */
  async #authenticate(request: FastifyRequest): Promise<Connection> {
    const token = /^Bearer (\S+)$/i.exec(header(request, "authorization") ?? "")?.[1] ?? null;
    const connection = await connectionOfToken(this.#store.db, [this.#route.provider], token);
    this.#connections.set(request.raw, connection);
    allowUpload(request.raw);
    return connection;
  }

  /** @throws SystoleError UPLOAD_UNKNOWN, also for an upload of another person */
  async #uploadOf(request: FastifyRequest): Promise<Upload> {
    const { environment_id: environmentId, user_id: userId } = await this.#authenticate(request);
    const { id: uploadId } = request.params as z.infer<typeof params>;
    const upload = await findUpload(this.#store.db, { environmentId, uploadId });
    const isTheirs = upload?.user_id === userId && upload.format === this.#route.name;
    if (upload === null || !isTheirs) throw new SystoleError("UPLOAD_UNKNOWN");
    this.#uploads.set(request.raw, uploadId);
    return upload;
  }

  #connectionOf(request: IncomingMessage): Connection {
    const connection = this.#connections.get(request);
    if (connection === undefined) throw new SystoleError("UPLOAD_TOKEN_INVALID");
    return connection;
  }
}

const resumableText =
  "With `Authorization: Bearer` and the upload token of the connection. With `Tus-Resumable: 1.0.0` the file is received in pieces by the tus protocol (creation, creation-with-upload, termination); otherwise the body is the whole file. The file is read after the answer.";
const stateText =
  "`state` is receiving, queued, reading, storing, done or failed. A failure has its `code`, and in `details` the byte and the line where reading stopped; what was read before stands.";
const eventsText =
  "Server-sent events: `event: upload` has the state whenever it changes, `event: end` is the last one.";
