/** The consents that a person who has just connected may give besides, each with a link of its own. */
import type { AuthorizationOutcome } from "../../connections/outcome.ts";
import { consentsGiven, furtherConsents } from "../../providers/consents.ts";
import { providerBySlug } from "../../providers/registry.ts";
import { findConnection } from "../../store/connections.ts";
import { createSession } from "../../store/sessions.ts";
import type { Store } from "../../store/store.ts";
import type { Look } from "./look.ts";
import type { FurtherConsent } from "./pages/outcome.ts";

/** The time for which the page may stay open. */
const linkSeconds = 30 * 60;

export async function offerFurther(
  { db }: Pick<Store, "db">,
  { environment_id: environmentId, user_id: userId, provider: slug }: AuthorizationOutcome["flow"],
  { language }: Pick<Look, "language">,
): Promise<readonly FurtherConsent[]> {
  const provider = providerBySlug(slug);
  const connection = await findConnection(db, { environmentId, userId });
  const consents = connection === null ? [] : furtherConsents(provider, consentsGiven(provider, connection));
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
      return { link: (await createSession(db, session, linkSeconds)).link, consent };
    }),
  );
}
