/** Checks a provider's addresses when they are set, and not only when they are called. */
import { z } from "zod";
import type { Provider, ProviderContext } from "./provider.ts";

/** Returns those of the settings that are addresses which Systole itself calls. */
export function calledAddresses(
  { settings: schema }: Pick<Provider, "settings">,
  settings: unknown,
): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const given = settings as Readonly<Record<string, unknown>>;
  return Object.entries(properties).flatMap(([name, property]) => {
    const isCalled = typeof property === "object" && property.called === true;
    const address = given[name];
    return isCalled && typeof address === "string" ? [address] : [];
  });
}

/** @throws ProviderError PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN */
export function assertAddressesAllowed(
  provider: Provider,
  settings: unknown,
  context: ProviderContext,
): void {
  for (const address of calledAddresses(provider, settings)) context.assertUrlAllowed(new URL(address));
}
