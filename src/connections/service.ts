/** The functions of this module that the HTTP API uses. */
import type { PastedKey } from "../providers/provider.ts";
import { beginAuthorization } from "./authorize.ts";
import { completeAuthorization } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { connectForUploads, connectWithKey, declineOnPage, type PageConnection } from "./on-page.ts";
import { redeemToken, type TokenRedemption } from "./redeem-token.ts";
import { answerQuestion, showQuestion } from "./replacement.ts";

export const authorizationService = (deps: ConnectionsDeps) => ({
  begin: (request: Parameters<typeof beginAuthorization>[1]) => beginAuthorization(deps, request),
  complete: (callback: Parameters<typeof completeAuthorization>[1]) => completeAuthorization(deps, callback),
  connectWithKey: (page: PageConnection, pasted: PastedKey, signal: AbortSignal) =>
    connectWithKey(deps, page, pasted, signal),
  connectForUploads: (page: PageConnection) => connectForUploads(deps, page),
  redeemToken: (redemption: TokenRedemption) => redeemToken(deps, redemption),
  decline: (page: PageConnection) => declineOnPage(deps, page),
  showQuestion: (id: Parameters<typeof showQuestion>[1]) => showQuestion(deps, id),
  answerQuestion: (answer: Parameters<typeof answerQuestion>[1]) => answerQuestion(deps, answer),
});
