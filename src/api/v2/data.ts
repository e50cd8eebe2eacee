/** Reading health data: inline, or sent to the environment's destinations, which is Terra's default. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { terraUser } from "../../connections/terra-user.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import { environmentIdOf } from "../auth.ts";
import { acknowledgementComponent, modelComponents, terraUserComponent } from "../components.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { assertSupported, connectionOf } from "./connection-of.ts";
import { readDateRange } from "./date-range.ts";
import { answerEnvelope } from "./envelope.ts";
import { flag } from "./parameters.ts";
import { readData } from "./read-data.ts";
import { requestData } from "./request-data.ts";

const day = z.string().describe("`YYYY-MM-DD` or ten-digit unix seconds; included");

const dataQuery = z.object({
  user_id: z.string().min(1),
  start_date: day,
  end_date: day.optional().describe("Now when absent"),
  to_webhook: flag.default(true).describe("Send to the destinations instead of answering with the data"),
  with_samples: flag.default(false).describe("With the arrays of samples"),
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
  { store, providers }: ApiServices,
  type: DataType,
  request: FastifyRequest,
  reply: FastifyReply,
  query: z.output<typeof dataQuery>,
): Promise<unknown> {
  const range = readDateRange(query.start_date, query.end_date, new Date());
  const connection = await connectionOf(store.db, environmentIdOf(request), query.user_id);
  assertSupported(providers, connection, type);
  const withSamples = query.with_samples;
  if (query.to_webhook) {
    return requestData(store, connection, { type, range, withSamples, reference: request.id });
  }
  const set = { environmentId: connection.environment_id, userId: connection.user_id, type };
  const envelope = answerEnvelope(type, terraUser(connection));
  const body = await readData(store.db, set, range, envelope, { withSamples });
  return reply.type("application/json; charset=utf-8").send(body);
}
