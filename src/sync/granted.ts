/** What a person granted: only that is asked for. */
import { apisOpenedBy, consentsGiven } from "../providers/consents.ts";
import type { Provider, Resource } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";

/**
 * The resources that a connection's grants open, by their API and their scope. What no API serves is pushed to us,
 * and never asked for.
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
