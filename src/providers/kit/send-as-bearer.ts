/** The calls of an API that takes the person's access token as a bearer token (RFC 6750 §2.1). */
import type { Api } from "../provider.ts";
import { bearer, call } from "./call.ts";
import type { FailureRules } from "./failure.ts";

/**
 * Returns the `send` of such an API: method, path, body and media type as the resource asks for them.
 * @param baseUrl the address before a resource's path, without a slash at the end
 */
export const sendAsBearer =
  <Settings>(baseUrl: (settings: Settings) => string, rules?: FailureRules): Api<Settings>["send"] =>
  ({ settings, http }, { method, path, body, accept }, { accessToken }, signal) => {
    const request = {
      method,
      url: baseUrl(settings) + path,
      body,
      accept,
      authorization: bearer(accessToken),
      signal,
    };
    return call(http, { ...request, credentials: "person" }, rules);
  };
