/** Routes that read health data: inline, or sent to the environment's destinations, which is Terra's default. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type DataType, dataTypes } from "../../models/index.ts";
import { answerData } from "../../requests/answer.ts";
import { readDateRange } from "../../requests/date-range.ts";
import { requestData } from "../../requests/plan.ts";
import { environmentIdOf } from "../auth.ts";
import { acknowledgementComponent, modelComponents, terraUserComponent } from "../components.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { assertSupported, connectionOf } from "./connection-of.ts";
import { formatQuery, otherFormat, sendFormatted } from "./formatted.ts";
import { flag } from "./parameters.ts";

const day = z.string().describe("`YYYY-MM-DD` or ten-digit unix seconds; included");

const dataQuery = z.object({
  user_id: z.string().min(1),
  start_date: day,
  end_date: day.optional().describe("When absent: now"),
  to_webhook: flag.default(true).describe("Send to the destinations instead of answering with the data"),
  with_samples: flag
    .optional()
    .describe("With the arrays of samples. When absent: false, and true in another format than `terra`"),
  ...formatQuery,
});

/** Every type whose records have a date; an athlete has none. */
const datedTypes = dataTypes.filter((type) => type !== "athlete");

export function dataRoutes(app: Api, services: ApiServices): void {
  for (const type of datedTypes) {
    const schema = {
      tags: ["Data"],
      summary: `The ${type} records of a user`,
      querystring: dataQuery,
      response: { 200: z.union([inlineAnswer(type), acknowledgementComponent]) },
    };
    app.get(`/v2/${type}`, { schema }, (request, reply) =>
      answer(services, type, request, reply, request.query),
    );
  }
}

const inlineAnswer = (type: DataType) =>
  z.object({
    status: z.literal("success"),
    type: z.literal(type),
    user: terraUserComponent,
    data: z.array(modelComponents[type]),
  });

async function answer(
  services: ApiServices,
  type: DataType,
  request: FastifyRequest,
  reply: FastifyReply,
  query: z.output<typeof dataQuery>,
): Promise<unknown> {
  const { store, providers } = services;
  const range = readDateRange(query.start_date, query.end_date, new Date());
  const connection = await connectionOf(store.db, environmentIdOf(request), query.user_id);
  assertSupported(providers, connection, type);
  const format = await otherFormat(query.format);
  const wanted = { type, range, withSamples: query.with_samples ?? format !== null };
  if (format !== null)
    return sendFormatted(services, request, reply, { ...query, connection, wanted, format });
  if (query.to_webhook) return requestData(store, connection, { ...wanted, reference: request.id });
  const body = await answerData(store, connection, wanted);
  return reply.type("application/json; charset=utf-8").send(body);
}
