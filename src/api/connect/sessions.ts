/** The session of a connect link, and what it offers. */
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { findSession, type WidgetSession } from "../../store/sessions.ts";
import { configuredProviders } from "../configured.ts";
import type { ApiServices } from "../services.ts";

export interface OpenSession {
  readonly session: WidgetSession;
  readonly offered: readonly Provider[];
}

/** @throws SystoleError SESSION_NOT_FOUND, SESSION_USED */
export async function openSession(services: ApiServices, link: string): Promise<OpenSession> {
  const session = await findSession(services.store.db, link);
  if (session === null) throw new SystoleError("SESSION_NOT_FOUND");
  if (session.used_at !== null) throw new SystoleError("SESSION_USED");
  const configured = await configuredProviders(services, session.environment_id);
  const offered = configured
    .filter(({ slug }) => session.providers?.includes(slug) ?? true)
    .sort((one, other) => one.displayName.localeCompare(other.displayName));
  return { session, offered };
}

/** @throws SystoleError PROVIDER_UNKNOWN */
export function offeredProvider({ offered }: OpenSession, slug: string): Provider {
  const provider = offered.find((one) => one.slug === slug);
  if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return provider;
}
