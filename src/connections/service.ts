/** Authorising as the HTTP surface uses it. */
import { beginAuthorization } from "./authorize.ts";
import { completeAuthorization } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { answerQuestion, showQuestion } from "./replacement.ts";

export const authorizationService = (deps: ConnectionsDeps) => ({
  begin: (request: Parameters<typeof beginAuthorization>[1]) => beginAuthorization(deps, request),
  complete: (callback: Parameters<typeof completeAuthorization>[1]) => completeAuthorization(deps, callback),
  showQuestion: (id: Parameters<typeof showQuestion>[1]) => showQuestion(deps, id),
  answerQuestion: (answer: Parameters<typeof answerQuestion>[1]) => answerQuestion(deps, answer),
});
