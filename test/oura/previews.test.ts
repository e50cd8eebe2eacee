/** The example payloads of the dashboard come from Oura's sandbox, of each data type. */
import { expect, it } from "vitest";
import { Previews } from "../../src/previews/previews.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";

it("gives an example of every data type, with the figures that Oura has", async () => {
  const oura = providerBySlug("oura") as Provider;
  const examples = await new Previews().of(oura);
  expect([...examples.keys()].sort()).toEqual([...oura.dataTypes].sort());
});
