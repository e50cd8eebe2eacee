/** `POST /v2/hooks/{provider}`: receives providers' notifications. */
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
export function hookRoutes(endpoint: NotificationEndpoint, maxBytes: number) {
  return async (app: FastifyInstance): Promise<void> => {
    // The signature covers the bytes as sent, whatever content type they have.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.post<{ Params: HookParams }>(
      "/v2/hooks/:provider",
      {
        bodyLimit: maxBytes,
        errorHandler: (error: FastifyError, request) => refuse(endpoint, maxBytes, error, request),
        schema: {
          summary: "A provider's notification",
          description: "Verified by the provider's own signature; acknowledged once it is durable.",
          tags: ["hooks"],
          params: z.object({ provider: z.string() }),
        },
      },
      async (request, reply) => {
        const handshake = await endpoint.handshake(handshakeFrom(request));
        if (handshake !== null) return sendAnswer(reply, handshake);
        const { acknowledgement, answer } = await endpoint.accept(arrivedFrom(request));
        return answer === null ? acknowledgement : sendAnswer(reply, answer);
      },
    );
    handshakeRoute(app, endpoint);
  };
}

/** Answers the GET or HEAD by which some providers test the address before they send notifications. */
function handshakeRoute(app: FastifyInstance, endpoint: NotificationEndpoint): void {
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
      const answer = await endpoint.handshake(handshakeFrom(request));
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
 * Records and rethrows an error. A refusal is counted before it is thrown on, including those of unread bodies, and the
 * request then has no log line of its own. Failures of Systole keep theirs.
 */
async function refuse(
  endpoint: NotificationEndpoint,
  maxBytes: number,
  error: FastifyError,
  request: FastifyRequest,
): Promise<never> {
  if (!(error instanceof SystoleError)) await refuseUnread(endpoint, maxBytes, error, request);
  request.isRefusalCounted = true;
  throw error;
}

async function refuseUnread(
  endpoint: NotificationEndpoint,
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
  await endpoint.refuse({ ...arrivedFrom(request), body: null, error });
  throw error;
}
