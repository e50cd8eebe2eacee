/** Makes a link to the connect page. */
import { checkRedirectOrigin } from "../../connections/redirect-url.ts";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { redirectOriginsOf } from "../../store/environments.ts";
import { createSession } from "../../store/sessions.ts";
import type { ApiServices } from "../services.ts";
import { readRedirectUrl } from "./redirect-url.ts";

export interface WantedSession {
  readonly environmentId: string;
  /** Names or slugs, with commas between them; null: every configured provider. */
  readonly providers: string | null;
  readonly referenceId: string | null;
  readonly language: string | null;
  readonly successUrl: string | null;
  readonly failureUrl: string | null;
  readonly lifetimeSeconds: number;
}

/** @throws SystoleError PROVIDER_UNKNOWN, REDIRECT_URL_INVALID, REDIRECT_ORIGIN_REFUSED */
export async function newSession({ store, providers, publicUrl }: ApiServices, wanted: WantedSession) {
  const { environmentId, lifetimeSeconds } = wanted;
  const { slugs, warnings } = offered(providers, wanted.providers);
  const successUrl = readRedirectUrl(wanted.successUrl);
  const failureUrl = readRedirectUrl(wanted.failureUrl);
  const allowed = await redirectOriginsOf(store.db, environmentId);
  for (const url of [successUrl, failureUrl]) checkRedirectOrigin(url, allowed);
  const { session, link } = await createSession(
    store.db,
    {
      environment_id: environmentId,
      providers: slugs,
      reference_id: wanted.referenceId,
      language: wanted.language,
      success_url: successUrl,
      failure_url: failureUrl,
    },
    lifetimeSeconds,
  );
  return {
    status: "success" as const,
    session_id: session.session_id,
    url: `${publicUrl}/connect/${link}`,
    expires_in: lifetimeSeconds,
    warnings,
  };
}

/**
 * Returns the providers to offer. Older clients say `ALL` for every provider. Unknown names are ignored unless no other
 * remains.
 */
function offered(
  providers: readonly Provider[],
  list: string | null,
): { slugs: string[] | null; warnings: string[] } {
  const names = (list ?? "").split(",").flatMap((name) => name.trim().toUpperCase() || []);
  if (names.length === 0 || names.includes("ALL")) return { slugs: null, warnings: [] };
  const known = providers.filter(({ name }) => names.includes(name));
  if (known.length === 0) throw new SystoleError("PROVIDER_UNKNOWN", { providers: names });
  const unknown = names.filter((name) => !known.some((provider) => provider.name === name));
  return {
    slugs: known.map(({ slug }) => slug),
    warnings: unknown.map((name) => `There is no provider ${name}; it is not offered`),
  };
}
