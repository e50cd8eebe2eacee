/** A user's agreements, given on the connect page. */
import { z } from "zod";
import { listAgreements } from "../../store/agreements.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { id, iso, time } from "./parameters.ts";
import { userParams } from "./users.ts";

const agreement = z.object({
  id,
  provider: z.string(),
  consent: z.string().nullable().describe("The provider's consent that was asked for; null without OAuth"),
  language: z.string(),
  text: z.string().describe("All that the page said, as the person was shown it"),
  scopes: z.array(z.string()).describe("Those that were asked for"),
  agreed_at: time,
});

export function agreementRoutes(app: Api, { store }: ApiServices): void {
  const schema = {
    tags: ["Admin: users"],
    summary: "The user's agreements on the connect page, newest first",
    params: userParams,
    response: { 200: z.object({ data: z.array(agreement) }) },
  };
  app.get("/users/:id/agreements", { schema }, async (request) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const rows = await listAgreements(store.db, {
      environmentId: connection.environment_id,
      userId: connection.user_id,
    });
    return {
      data: rows.map(({ agreement_id, provider, consent, language, text, scopes, agreed_at }) => ({
        id: agreement_id,
        provider,
        consent,
        language,
        text,
        scopes,
        agreed_at: iso(agreed_at),
      })),
    };
  });
}
