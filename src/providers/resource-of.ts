/** Looks up a resource among those that a provider declares. */
import { SystoleError } from "../errors.ts";
import type { Provider, Resource, ResourceRef } from "./provider.ts";

type WithResources = Pick<Provider, "resources">;

/** Returns the resource of this name; undefined when the provider has none, or none any more. */
export const findResource = ({ resources }: WithResources, name: string | undefined): Resource | undefined =>
  resources.find((resource) => resource.name === name);

/** Returns the resource that a reference names. @throws SystoleError INTERNAL when the provider has no such resource */
export function resourceOf(provider: Provider, ref: ResourceRef): Resource {
  const resource = findResource(provider, ref.resource);
  if (resource === undefined) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}
