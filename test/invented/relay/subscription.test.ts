/** Tests how a webhook that the operator makes by hand is shown. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { type Hub, startHub } from "../hub.ts";
import { relay } from "./plugin.ts";

let hub: Hub;

beforeAll(async () => {
  hub = await startHub(relay, { RELAY_CLIENT_ID: "id", RELAY_CLIENT_SECRET: "secret" });
});
afterAll(() => hub.close());

it("shows the manual steps at the start and to operators, with our address", async () => {
  const address = `${hub.url}/v2/hooks/relay`;
  const steps = ["Open relay.example/webhooks.", `Enter ${address} as the address.`];
  expect(hub.notes.join("\n")).toContain(steps.join(" "));
  const shown = await waitFor("it to be looked after", async () => {
    const { subscription } = (await hub.shown()) as { subscription: { checked_at: string | null } };
    return subscription.checked_at !== null && subscription;
  });
  expect(shown).toMatchObject({ form: "manual", state: "manual", url: address, steps, error: null });
});
