/** Checks a provider's addresses when they are set, and not only when they are called. */
import { z } from "zod";
import type { Provider, ProviderContext } from "./provider.ts";

type WithSettings = Pick<Provider, "settings">;

interface Address {
  readonly value: string;
  /** The provider's own address. */
  readonly usual: unknown;
}

function addressesIn({ settings: schema }: WithSettings, settings: unknown): Address[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const given = settings as Readonly<Record<string, unknown>>;
  return Object.entries(properties).flatMap(([name, property]) => {
    const value = given[name];
    if (typeof property !== "object" || property.called !== true || typeof value !== "string") return [];
    return [{ value, usual: property.default }];
  });
}

/** Returns those of the settings that are addresses which Systole itself calls. */
export const calledAddresses = (provider: WithSettings, settings: unknown): string[] =>
  addressesIn(provider, settings).map(({ value }) => value);

/** Returns the called addresses if all of them were set by an operator, none being the provider's own; else none. */
export function customAddresses(provider: WithSettings, settings: unknown): string[] {
  const addresses = addressesIn(provider, settings);
  return addresses.every(({ value, usual }) => value !== usual) ? addresses.map(({ value }) => value) : [];
}

/** @throws ProviderError PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN */
export function assertAddressesAllowed(
  provider: Provider,
  settings: unknown,
  context: ProviderContext,
): void {
  for (const address of calledAddresses(provider, settings)) context.assertUrlAllowed(new URL(address));
}
