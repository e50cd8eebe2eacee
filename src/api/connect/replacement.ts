/** The page that asks whether another account replaces the connected one, and the answer. */
import { z } from "zod";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf } from "./browser-cookie.ts";
import { sendOutcome } from "./callback.ts";
import { sendDocument } from "./document.ts";
import { lookOfEnd } from "./look.ts";
import { questionPage } from "./pages/question.ts";

const path = "/connect/replace/:question";
const tags = ["Connecting"];
const params = z.object({ question: z.string().max(64) });

export function replacementRoutes(app: Api, services: ApiServices): void {
  const { authorization, publicUrl } = services;
  const ask = { tags, summary: "Asks whether another account replaces the connected one", params };
  app.get(path, { schema: ask }, async (request, reply) => {
    const id = { ...request.params, browser: browserOf(request, publicUrl) };
    const shown = await authorization.showQuestion(id);
    const look = await lookOfEnd(services, request, shown);
    return sendDocument(reply, 200, questionPage(shown, look), look);
  });

  const body = z.object({ answer: z.enum(["replace", "keep"]) });
  const answer = { tags, summary: "The person's answer", params, body };
  app.post(path, { schema: answer }, async (request, reply) => {
    const id = { ...request.params, browser: browserOf(request, publicUrl) };
    const replace = request.body.answer === "replace";
    const outcome = await authorization.answerQuestion({ ...id, replace });
    return sendOutcome(services, request, reply, { outcome, browser: id.browser });
  });
}
