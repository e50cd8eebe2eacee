/** Reading a person's profile. */
import { z } from "zod";
import { terraUser } from "../../connections/terra-user.ts";
import { complete } from "../../models/index.ts";
import { readSummaries } from "../../store/records.ts";
import { environmentIdOf } from "../auth.ts";
import { acknowledgementComponent, modelComponents, terraUserComponent } from "../components.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { assertSupported, connectionOf } from "./connection-of.ts";
import { answerEnvelope } from "./envelope.ts";
import { flag } from "./parameters.ts";
import { requestData } from "./request-data.ts";

const schema = {
  tags: ["Data"],
  summary: "The profile of a user",
  querystring: z.object({ user_id: z.string().min(1), to_webhook: flag.default(true) }),
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

/** A profile nobody has told us anything about: clients index into it, so it is there. */
const nothingKnown = JSON.stringify(complete("athlete", {}));

export function athleteRoutes(app: Api, { store, providers }: ApiServices): void {
  app.get("/v2/athlete", { schema }, async (request, reply) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.query.user_id);
    const type = "athlete";
    assertSupported(providers, connection, type);
    if (request.query.to_webhook) {
      const reference = request.id;
      return requestData(store, connection, { type, range: null, withSamples: false, reference });
    }
    const set = { environmentId: connection.environment_id, userId: connection.user_id, type } as const;
    const [athlete = nothingKnown] = await readSummaries(store.db, set, null);
    const { head, tail } = answerEnvelope(type, terraUser(connection));
    return reply.type("application/json; charset=utf-8").send(`${head}${athlete}${tail}`);
  });
}
