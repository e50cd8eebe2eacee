/** Finds what a person granted: only that is requested. */
import { apisOpenedBy, consentsGiven } from "../providers/consents.ts";
import type { Provider, Resource } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";

/**
 * Returns the resources that a connection's grants open, by their API and their scope. A resource that no API
 * serves is pushed to us and never requested.
 */
export function grantedResources(
  provider: Provider,
  connection: Pick<Connection, "consents" | "scopes">,
): readonly Resource[] {
  const consents = consentsGiven(provider, connection);
  const apis = new Set(consents.flatMap((consent) => apisOpenedBy(provider, { consent })));
  const scopes = connection.scopes?.split(" ") ?? null;
  return provider.resources.filter(
    ({ api, scope }) =>
      (api === undefined || apis.has(api)) &&
      (scope === undefined || scopes === null || scopes.includes(scope)),
  );
}
