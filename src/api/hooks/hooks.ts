/** `POST /v2/hooks/{provider}`: providers tell us that something is new. */
import "@fastify/swagger";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { NotificationEndpoint } from "../../ingest/accept.ts";
import type { HandshakeRequest, HookAnswer } from "../../providers/provider.ts";
import { asSystoleError } from "../errors.ts";

interface HookParams {
  readonly provider: string;
}

/** @param maxBytes the largest notification that any provider sends */
export function hookRoutes(door: NotificationEndpoint, maxBytes: number) {
  return async (app: FastifyInstance): Promise<void> => {
    // The signature covers the bytes as sent, whatever content type they claim.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.post<{ Params: HookParams }>(
      "/v2/hooks/:provider",
      {
        bodyLimit: maxBytes,
        errorHandler: (error: FastifyError, request) => refuse(door, maxBytes, error, request),
        schema: {
          summary: "A provider's notification",
          description: "Verified by the provider's own signature; acknowledged once it is durable.",
          tags: ["hooks"],
          params: z.object({ provider: z.string() }),
        },
      },
      async (request, reply) => {
        const handshake = await door.handshake(handshakeFrom(request));
        if (handshake !== null) return sendAnswer(reply, handshake);
        const { acknowledgement, answer } = await door.accept(arrivedFrom(request));
        return answer === null ? acknowledgement : sendAnswer(reply, answer);
      },
    );
    handshakeRoute(app, door);
  };
}

/** Some providers test the address with GET or HEAD before they send anything. */
function handshakeRoute(app: FastifyInstance, door: NotificationEndpoint): void {
  const schema = {
    summary: "A provider tests the address of its notifications",
    tags: ["hooks"],
    params: z.object({ provider: z.string() }),
  };
  app.route<{ Params: HookParams }>({
    method: ["GET", "HEAD"],
    url: "/v2/hooks/:provider",
    schema,
    handler: async (request, reply) => {
      const answer = await door.handshake(handshakeFrom(request));
      if (answer === null) throw new SystoleError("ROUTE_NOT_FOUND", { method: request.method });
      return sendAnswer(reply, answer);
    },
  });
}

const sendAnswer = (reply: FastifyReply, { status, contentType, body }: HookAnswer): FastifyReply =>
  reply
    .code(status)
    .header("content-type", contentType ?? "text/plain; charset=utf-8")
    .send(body ?? "");

const handshakeFrom = (request: FastifyRequest) => ({
  ...arrivedFrom(request),
  method: request.method as HandshakeRequest["method"],
  query: new URL(request.url, "http://localhost").searchParams,
});

const arrivedFrom = (request: FastifyRequest) => ({
  providerSlug: (request.params as HookParams).provider,
  headers: request.headers,
  body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  traceId: request.id,
});

/**
 * A refusal has been counted by the time it is thrown on, those of bodies that were not read included; the request
 * then has no log line of its own. Failures of ours keep theirs.
 */
async function refuse(
  door: NotificationEndpoint,
  maxBytes: number,
  error: FastifyError,
  request: FastifyRequest,
): Promise<never> {
  if (!(error instanceof SystoleError)) await refuseUnread(door, maxBytes, error, request);
  request.isRefusalCounted = true;
  throw error;
}

async function refuseUnread(
  door: NotificationEndpoint,
  maxBytes: number,
  thrown: FastifyError,
  request: FastifyRequest,
): Promise<never> {
  const error =
    thrown.code === "FST_ERR_CTP_BODY_TOO_LARGE"
      ? new SystoleError("NOTIFICATION_TOO_LARGE", { limit_bytes: maxBytes })
      : asSystoleError(thrown);
  if (error.status >= 500) throw thrown;
  request.isRefusalCounted = true;
  await door.refuse({ ...arrivedFrom(request), body: null, error });
  throw error;
}
