/** A provider's addresses, judged when they are set and not only when they are called. */
import type { z } from "zod";
import type { Provider, ProviderContext } from "./provider.ts";

/** @throws ProviderError PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN */
export function assertAddressesAllowed<Settings extends z.ZodType>(
  provider: Provider<Settings>,
  settings: z.output<Settings>,
  context: ProviderContext,
): void {
  for (const address of provider.addresses(settings)) context.assertUrlAllowed(new URL(address));
}
