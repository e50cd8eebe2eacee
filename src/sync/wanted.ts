/** Finds what is requested for a person: what they granted, of what their environment handles. */
import { apisOfConnection } from "../providers/consents.ts";
import { isNeeded } from "../providers/needed-resources.ts";
import type { Provider, Resource } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";
import type { ChoosingConnection } from "../store/data-choices.ts";

export type Grants = Pick<Connection, "consents" | "apis" | "scopes">;

/**
 * Returns the resources that a connection's grants open, by their API and their scope. A resource that no API
 * serves is pushed to us and never requested.
 */
export function grantedResources(provider: Provider, connection: Grants): readonly Resource[] {
  const apis = new Set(apisOfConnection(provider, connection));
  const scopes = connection.scopes?.split(" ") ?? null;
  return provider.resources.filter(
    ({ api, scope }) =>
      (api === undefined || apis.has(api)) &&
      (scope === undefined || scopes === null || scopes.includes(scope)),
  );
}

/** Returns the granted resources that a chosen data type needs. */
export const wantedResources = (
  provider: Provider,
  connection: Grants & Pick<ChoosingConnection, "chosen_types">,
): readonly Resource[] =>
  grantedResources(provider, connection).filter(({ name }) =>
    isNeeded(provider, name, connection.chosen_types),
  );
