/**
 * Resources as they are found for one connection. Where the person gave an API whose notifications also announce a
 * resource of another one, it counts as announced and is reconciled; elsewhere it is polled.
 */
import { apisOfConnection } from "../providers/consents.ts";
import type { Discovery, Provider, Resource } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { type DiscoverableResource, isDiscoverable } from "./coverage.ts";
import type { HeldDiscovery } from "./held-discovery.ts";
import type { TaskRun } from "./run.ts";
import type { Grants } from "./wanted.ts";

/** Returns those of the resources that can be discovered, each with the discovery that holds for this connection. */
export function discoverableFor(
  provider: Provider,
  connection: Grants,
  resources: readonly Resource[],
): readonly DiscoverableResource[] {
  const apis = new Set(apisOfConnection(provider, connection));
  return resources
    .filter(isDiscoverable)
    .map((resource) => ({ ...resource, discovery: discoveryWith(apis, resource.discovery) }));
}

/** Returns the discovery of a resource of this name that holds for the task's connection; null where it has none. */
export function discoveryOf(
  { provider, connection }: Pick<TaskRun, "provider" | "connection">,
  name: string | undefined,
): HeldDiscovery | null {
  const discovery = findResource(provider, name)?.discovery ?? null;
  return discovery && discoveryWith(new Set(apisOfConnection(provider, connection)), discovery);
}

export function discoveryWith(apis: ReadonlySet<string>, discovery: Discovery): HeldDiscovery {
  const { polling, ...others } = discovery;
  const isAnnounced = others.announcedBy !== undefined && apis.has(others.announcedBy);
  if (!isAnnounced) return discovery;
  return { ...others, announced: true, ...(polling && { whereUntold: polling }) };
}
