/** The example payloads of the dashboard come from Garmin's sandbox, of each data type. */
import { expect, it } from "vitest";
import { Previews } from "../../src/previews/previews.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";

it("gives an example of every data type, made by the person's key", async () => {
  const garmin = providerBySlug("garmin") as Provider;
  const examples = await new Previews().of(garmin);
  expect([...examples.keys()].sort()).toEqual([...garmin.dataTypes].sort());
});
