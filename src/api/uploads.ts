/**
 * `POST /v2/uploads/{provider}/{format}`: receives data from a person's own client, with the token of their connection.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AcceptedUpload, ArrivedUpload } from "../ingest/accept-upload.ts";
import { incomingBody, passBodies, refused } from "../ingest/receiving/incoming-body.ts";
import { header } from "./auth.ts";
import { allowUpload } from "./connection-limits.ts";

interface UploadParams {
  readonly provider: string;
  readonly format: string;
}

export function uploadRoutes(accept: (arrived: ArrivedUpload) => Promise<AcceptedUpload>) {
  return async (app: FastifyInstance): Promise<void> => {
    passBodies(app);
    const schema = {
      summary: "Data that a person's own client pushes",
      description: "With `Authorization: Bearer` and the upload token of the connection. Records follow.",
      tags: ["Uploads"],
      params: z.object({ provider: z.string().max(64), format: z.string().max(64) }),
    };
    app.post<{ Params: UploadParams }>(
      "/v2/uploads/:provider/:format",
      { schema },
      async (request, reply) => {
        const { accepted } = await accept(arrivedFrom(request)).catch((error: unknown) =>
          refused(reply, error),
        );
        return reply.code(202).send({ status: "success", accepted });
      },
    );
  };
}

function arrivedFrom(request: FastifyRequest): ArrivedUpload {
  const { provider, format } = request.params as UploadParams;
  return {
    providerSlug: provider,
    format,
    token: /^Bearer (\S+)$/i.exec(header(request, "authorization") ?? "")?.[1] ?? null,
    known: () => allowUpload(request.raw),
    headers: request.headers,
    body: incomingBody(request),
  };
}
