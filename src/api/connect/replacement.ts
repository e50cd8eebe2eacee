/** The page that asks whether another account replaces the connected one, and the answer. */
import { z } from "zod";
import { sendPage } from "../html.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf } from "./browser-cookie.ts";
import { sendOutcome } from "./callback.ts";
import { questionPage } from "./pages.ts";

const path = "/connect/replace/:question";
const tags = ["Connecting"];
const params = z.object({ question: z.string().max(64) });

export function replacementRoutes(app: Api, services: ApiServices): void {
  const { authorization, publicUrl } = services;
  const ask = { tags, summary: "Asks whether another account replaces the connected one", params };
  app.get(path, { schema: ask }, async (request, reply) => {
    const id = { ...request.params, browser: browserOf(request, publicUrl) };
    return sendPage(reply, 200, questionPage(await authorization.showQuestion(id)));
  });

  const body = z.object({ answer: z.enum(["replace", "keep"]) });
  const answer = { tags, summary: "The person's answer", params, body };
  app.post(path, { schema: answer }, async (request, reply) => {
    const id = { ...request.params, browser: browserOf(request, publicUrl) };
    const replace = request.body.answer === "replace";
    return sendOutcome(reply, await authorization.answerQuestion({ ...id, replace }), id.browser, services);
  });
}
