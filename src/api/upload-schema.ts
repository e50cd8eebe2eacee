/** `GET /v2/uploads/{provider}/{format}/schema`: the form of a body, for those who write a client. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";

export function uploadSchemaRoute(providers: readonly Provider[]) {
  return async (app: FastifyInstance): Promise<void> => {
    const schema = {
      summary: "The JSON Schema of an upload format",
      description: "Without credentials. Not every format has one.",
      tags: ["Uploads"],
      params: z.object({ provider: z.string().max(64), format: z.string().max(64) }),
    };
    app.get("/v2/uploads/:provider/:format/schema", { schema }, async (request, reply) => {
      const { provider: slug, format } = request.params as z.output<typeof schema.params>;
      const uploads = providers.find((one) => one.slug === slug)?.uploads ?? {};
      const found = Object.hasOwn(uploads, format) ? uploads[format]?.schema : undefined;
      if (found === undefined) throw new SystoleError("UPLOAD_FORMAT_UNKNOWN", { provider: slug, format });
      return reply.type("application/schema+json").send(JSON.stringify(found));
    });
  };
}
