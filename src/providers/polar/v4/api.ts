/** Polar's Dynamic API v4: its limits, its calls, and the meaning of its refusals (POLAR-V4 §3, §6). */
import { bearer, call } from "../../kit/call.ts";
import type { FailedAnswer, FailureRules } from "../../kit/failure.ts";
import { type Api, ProviderError, type ProviderResponse } from "../../provider.ts";
import { failureRules } from "../failure.ts";
import type { PolarSettings } from "../settings.ts";

/** The base of every path, below the host. */
export const dataPath = "/v4/data";

/** What Polar's plain texts say, and our words for it. Bodies are JSON with `errorMessage` or `error`, or bare text. */
const causes: readonly (readonly [said: RegExp, cause: (found: string) => string])[] = [
  [/Missing required scope:? ?([\w:]{1,60})/, (scope) => `missing scope ${scope}`],
  [/Value for key '(\w{1,40})' could not be parsed/, (key) => `unreadable parameter ${key}`],
  [/Query parameter '(\w{1,40})' is required/, (key) => `missing parameter ${key}`],
];

function causeOf({ status, body }: FailedAnswer): string | null {
  if (status !== 400 && status !== 403) return null;
  const text = body.toString("utf8", 0, 2_048);
  for (const [said, cause] of causes) {
    const found = said.exec(text)?.[1];
    if (found !== undefined) return cause(found);
  }
  return null;
}

const rules: FailureRules = { ...failureRules, reason: causeOf };

/** A single thing that is asked for by its id. All other paths are lists, or things that everybody has. */
const isOfOneId = (path: string): boolean => path.startsWith(`${dataPath}/routes/`);

/**
 * Returns the answer "nothing" for a list's 404: Polar answers days without data with 204 or 404. Null where the error
 * is one.
 */
function nothingOf(error: unknown, path: string): ProviderResponse | null {
  const isNothing = error instanceof ProviderError && error.details.status === 404 && !isOfOneId(path);
  if (!isNothing) return null;
  return { status: 204, contentType: null, body: Buffer.alloc(0), rateLimit: error.rateLimit };
}

export const dynamicApi: Api<PolarSettings> = {
  /** Per client, all of its users together; nothing is added for a user. */
  rateLimits: [
    { name: "15 minutes", lengthMs: 15 * 60_000, callsOfClient: 3_000, callsPerUser: 0 },
    { name: "24 hours", lengthMs: 24 * 3_600_000, callsOfClient: 100_000, callsPerUser: 0 },
  ],
  // Uses the parsed URL, so that capitals in the host or an explicit port 443 make no difference.
  limitedAs: ({ v4_api_url, client_id }) =>
    `${new URL(v4_api_url).href.replace(/\/+$/, "")}${dataPath} ${client_id}`,
  async send({ settings, http }, { path, accept }, grant, signal) {
    try {
      const answer = await call(
        http,
        {
          method: "GET",
          url: settings.v4_api_url + path,
          authorization: bearer(grant.accessToken),
          credentials: "person",
          accept,
          signal,
        },
        rules,
      );
      if (answer.status === 200 || answer.status === 204) return answer;
      throw new ProviderError("PROVIDER_REFUSED", "never", { status: answer.status, path });
    } catch (error) {
      const nothing = nothingOf(error, path);
      if (nothing !== null) return nothing;
      throw error;
    }
  },
};
