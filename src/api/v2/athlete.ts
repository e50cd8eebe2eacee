/** The route that reads a person's profile. */
import { z } from "zod";
import { answerData } from "../../requests/answer.ts";
import { requestData } from "../../requests/plan.ts";
import { environmentIdOf } from "../auth.ts";
import { acknowledgementComponent, modelComponents, terraUserComponent } from "../components.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { assertSupported, connectionOf } from "./connection-of.ts";
import { formatQuery, otherFormat, sendFormatted } from "./formatted.ts";
import { flag } from "./parameters.ts";

const schema = {
  tags: ["Data"],
  summary: "The profile of a user",
  querystring: z.object({ user_id: z.string().min(1), to_webhook: flag.default(true), ...formatQuery }),
  response: {
    200: z.union([
      z.object({
        status: z.literal("success"),
        type: z.literal("athlete"),
        user: terraUserComponent,
        athlete: modelComponents.athlete,
      }),
      acknowledgementComponent,
    ]),
  },
};

const wanted = { type: "athlete", range: null, withSamples: false } as const;

export function athleteRoutes(app: Api, services: ApiServices): void {
  const { store, providers } = services;
  app.get("/v2/athlete", { schema }, async (request, reply) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.query.user_id);
    assertSupported(providers, connection, "athlete");
    const format = await otherFormat(request.query.format);
    if (format !== null)
      return sendFormatted(services, request, reply, { ...request.query, connection, wanted, format });
    if (request.query.to_webhook) {
      return requestData(store, connection, { ...wanted, reference: request.id });
    }
    return reply.type("application/json; charset=utf-8").send(await answerData(store, connection, wanted));
  });
}
