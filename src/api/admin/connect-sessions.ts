/** The route by which an operator makes a link to the connect page, without the environment's API key. */
import { z } from "zod";
import { languages } from "../../providers/provider.ts";
import { environmentIdOf } from "../auth.ts";
import { newSession } from "../connect/new-session.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";

const daySeconds = 24 * 3_600;

export function connectSessionRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Admin: connecting"],
    summary: "Make a link on which a person connects their wearable, good for one connection within a day",
    description: "The link itself is in this answer and nowhere else: whoever has it can connect.",
    body: z.strictObject({
      reference_id: z.string().min(1).max(512).nullish().describe("Your own id of the person"),
      providers: z
        .array(z.string().max(64))
        .min(1)
        .max(100)
        .nullish()
        .describe("Slugs of those to offer; every configured one when absent"),
      language: z.enum(languages).nullish().describe("The page's language; the browser's when absent"),
    }),
    response: {
      201: z.object({ session_id: z.string(), url: z.string(), expires_in: z.int().describe("Seconds") }),
    },
  };
  app.post("/connect-sessions", { schema }, async (request, reply) => {
    const { reference_id: referenceId = null, providers, language = null } = request.body;
    const { session_id, url, expires_in } = await newSession(services, {
      environmentId: environmentIdOf(request),
      providers: providers?.join(",") ?? null,
      referenceId,
      language,
      successUrl: null,
      failureUrl: null,
      lifetimeSeconds: daySeconds,
    });
    noteChange(request, { after: { session_id, reference_id: referenceId, providers: providers ?? null } });
    return reply.code(201).send({ session_id, url, expires_in });
  });
}
