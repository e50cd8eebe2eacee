/** The consents that a person who has just connected may give besides, each with a link of its own. */
import type { AuthorizationOutcome } from "../../connections/outcome.ts";
import { apisOfConnection, consentsGiven, furtherConsents } from "../../providers/consents.ts";
import { neededScopes } from "../../providers/needed-scopes.ts";
import type { OAuthConsent, Provider } from "../../providers/provider.ts";
import { providerBySlug } from "../../providers/registry.ts";
import { type Connection, findConnection } from "../../store/connections.ts";
import { findChoice } from "../../store/data-choices.ts";
import { createSession } from "../../store/sessions.ts";
import type { Store } from "../../store/store.ts";
import type { Look } from "./look.ts";
import type { FurtherConsent } from "./pages/outcome.ts";
import { addedBy } from "./share.ts";

/** The time for which the page may stay open. */
const linkSeconds = 30 * 60;

/** The consents that would open an API which is closed. */
function consentsThatAdd(provider: Provider, connection: Connection): readonly OAuthConsent<unknown>[] {
  const open = apisOfConnection(provider, connection);
  return furtherConsents(provider, consentsGiven(provider, connection)).filter(({ apis }) =>
    apis.some((api) => !open.includes(api)),
  );
}

export async function offerFurther(
  { db }: Pick<Store, "db">,
  { environment_id: environmentId, user_id: userId, provider: slug }: AuthorizationOutcome["flow"],
  { language }: Pick<Look, "language">,
): Promise<readonly FurtherConsent[]> {
  const provider = providerBySlug(slug);
  const connection = await findConnection(db, { environmentId, userId });
  const consents = connection === null ? [] : consentsThatAdd(provider, connection);
  const { types } = await findChoice(db, { environmentId, provider: slug });
  return Promise.all(
    consents.map(async (consent) => {
      const session = {
        environment_id: environmentId,
        providers: [provider.slug],
        reference_id: connection?.reference_id ?? null,
        language,
        success_url: null,
        failure_url: null,
        user_id: userId,
      };
      const scopes = neededScopes(provider, consent, types);
      const adds = addedBy({ ...consent, scopes }, language);
      return { link: (await createSession(db, session, linkSeconds)).link, consent, adds };
    }),
  );
}
