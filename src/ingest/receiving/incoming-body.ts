/** Bodies of uploads, which may be large: they are passed on as they arrive. */
import { PassThrough, Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import type { IncomingBody } from "./receiving.ts";

/** Passes bodies on as they arrive, whatever content type they have: the upload's format reads them. */
export function passBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, body, done) => done(null, body));
  // Fastify refuses an empty one with 415, and a phone that gets 4xx forgets its data.
  app.addHook("onRequest", async ({ headers }) => {
    if (headers["content-type"]?.trim() === "") delete headers["content-type"];
  });
}

/**
 * Returns the body of a request as it arrives; empty where there is none. A reader that stops early leaves the
 * connection open for the answer.
 */
export function incomingBody({ body }: FastifyRequest): IncomingBody {
  if (!(body instanceof Readable)) return new Uint8Array();
  const through = new PassThrough();
  through.on("error", () => {});
  body.once("close", () => {
    if (!body.readableEnded) through.destroy(new SystoleError("UPLOAD_CUT_OFF"));
  });
  return body.pipe(through);
}

const retryAfterSeconds = 5;

/** Tells when to come again, and lets the rest of the body arrive: many clients read no answer before they sent all. */
export function refused(reply: FastifyReply, error: unknown): never {
  if (error instanceof SystoleError && error.code === "UPLOADS_BUSY") {
    reply.header("retry-after", retryAfterSeconds);
  }
  const { raw } = reply.request;
  raw.unpipe();
  raw.resume();
  throw error;
}
