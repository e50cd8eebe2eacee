/** Requests to a Google API, with an access token of a service account. */
import type { SenderContext } from "../../destination.ts";
import { type Answer, openHttp, type Request } from "../http.ts";
import { readServiceAccount, type ServiceAccount } from "./service-account.ts";
import { openTokens } from "./token.ts";

export interface GoogleRequest extends Pick<Request, "method" | "body"> {
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
}

export interface GoogleApi {
  readonly account: ServiceAccount;
  readonly endpoint: URL;
  /** Returns the answer, whatever its status is. @throws DeliveryError without a token */
  send(request: GoogleRequest, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

/** `scope` is what the tokens are good for. @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openGoogleApi(
  given: { readonly service_account: string; readonly endpoint: string },
  scope: string,
  context: SenderContext,
): GoogleApi {
  const account = readServiceAccount(given.service_account);
  const endpoint = new URL(given.endpoint);
  for (const { hostname } of [endpoint, account.tokenUrl]) context.assertAddressAllowed(hostname);
  const http = openHttp(context);
  const tokens = openTokens(account, scope, http);
  return {
    account,
    endpoint,
    async send({ path, contentType, ...request }, signal) {
      const token = await tokens.current();
      const headers = {
        authorization: `Bearer ${token}`,
        ...(contentType !== undefined && { "content-type": contentType }),
      };
      const answer = await http.send({ ...request, url: new URL(path, endpoint), headers }, signal);
      if (answer.status === 401) tokens.forget(token);
      return answer;
    },
    close: () => http.close(),
  };
}
