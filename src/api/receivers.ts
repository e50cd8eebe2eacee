/** `POST /receivers/{token}`: a built-in receiver, to which its destination posts over HTTP like to any other. */
import { finished } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import { largestBody, receive } from "../receivers/arrivals.ts";
import { ReceiverBrake } from "../receivers/brake.ts";
import { isReceiverToken } from "../receivers/own-url.ts";
import { findReceiverByToken, type Receiver } from "../store/receivers.ts";
import type { Store } from "../store/store.ts";

declare module "fastify" {
  interface FastifyRequest {
    receiver: Receiver | null;
  }
}

const retryAfterSeconds = 5;

export function receiverRoute(store: Store) {
  const brake = new ReceiverBrake();
  return async (app: FastifyInstance): Promise<void> => {
    app.decorateRequest("receiver", null);
    // The signature covers the bytes as sent, whatever content type they have.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: largestBody }, (_request, body, done) =>
      done(null, body),
    );
    // Before the body is read: only requests to a receiver that exists and may take more are read at all.
    app.addHook("onRequest", async (request, reply) => {
      request.receiver = await admitted(store, brake, request).catch((error) => {
        if (error.code === "RECEIVER_BUSY") reply.header("retry-after", retryAfterSeconds);
        throw error;
      });
      // Also where the client has gone meanwhile.
      finished(reply.raw, () => brake.ended());
    });
    const schema = {
      summary: "A request to a built-in receiver",
      description:
        "Its signature is verified as a client would verify it, and the newest requests are kept to be looked at.",
      tags: ["Receivers"],
      params: z.object({ token: z.string() }),
    };
    // The destination keeps the answers that it gets, for everybody who may look at its attempts.
    const options = { schema, bodyLimit: largestBody, config: { secretPath: true } };
    app.post("/receivers/:token", options, async (request, reply) => {
      const signature = await receive(store, receiverOf(request), arrivedIn(request));
      if (signature !== "verified") throw new SystoleError("RECEIVER_SIGNATURE_REFUSED", { signature });
      return reply.code(200).send({ status: "success" });
    });
  };
}

/** @throws SystoleError RECEIVER_NOT_FOUND, RECEIVER_BUSY */
async function admitted(store: Store, brake: ReceiverBrake, { params }: FastifyRequest): Promise<Receiver> {
  const { token } = params as { readonly token: string };
  const receiver = isReceiverToken(token) ? await findReceiverByToken(store.db, token) : null;
  if (receiver === null) throw new SystoleError("RECEIVER_NOT_FOUND");
  if (!brake.begin(receiver.receiver_id, Date.now())) throw new SystoleError("RECEIVER_BUSY");
  return receiver;
}

function receiverOf({ receiver }: FastifyRequest): Receiver {
  if (receiver === null) throw new SystoleError("RECEIVER_NOT_FOUND");
  return receiver;
}

const arrivedIn = ({ headers, body }: FastifyRequest) => ({
  headers,
  body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
});
