import { beforeEach, describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { TestEnvironment } from "../../test/support/database.ts";
import type { HeldSubscription } from "../providers/provider.ts";
import { findProviderConfig, openSubscriptionSecret } from "../store/provider-configs.ts";
import { ensureSubscriptions, hookUrl } from "./subscriptions.ts";

const person = new CairnPerson();
beforeEach(async () => {
  await person.store.db
    .deleteFrom("provider_configs")
    .where("environment_id", "!=", person.environment.environmentId)
    .execute();
});

const mended: string[] = [];
const ensure = () => {
  const metrics = {
    webhookMended: (...what: string[]) => void mended.push(what.join(" ")),
    webhookSilent: () => {},
  };
  return ensureSubscriptions({ ...person.deps(), metrics } as never, AbortSignal.timeout(30_000));
};
const held = (given: Partial<HeldSubscription> = {}) => ({
  status: 200,
  body: { remoteId: "r1", secret: "told once", action: "created", ...given },
});
async function config({ environmentId }: TestEnvironment = person.environment) {
  const found = await findProviderConfig(person.store.db, { environmentId, provider: "cairn" });
  if (found === null) throw new Error("cairn is not configured");
  return { ...found, secret: openSubscriptionSecret(person.store.keyRing, found) };
}
const sent = () => person.server.asked.map(({ body }) => JSON.parse(body));

describe("our webhook at a provider", () => {
  it("is created with our address, and its secret is stored sealed", async () => {
    mended.splice(0);
    person.serve({ "/webhook": held() });
    await ensure();
    const where = "https://systole.example/v2/hooks/cairn";
    expect(hookUrl("https://systole.example", "cairn")).toBe(where);
    expect(sent()).toEqual([{ where, known: [] }]);
    const kept = await config();
    expect(kept).toMatchObject({
      subscription_state: "active",
      subscription_remote_id: "r1",
      subscription_url: where,
      subscription_error: null,
      subscription_mended: "created",
      secret: "told once",
    });
    expect(kept.subscription_secret_sealed?.includes("told once")).toBe(false);
    expect(mended).toEqual(["cairn created"]);
  });

  it("that exists keeps its secret, and nothing is repaired", async () => {
    person.serve({ "/webhook": held() });
    await ensure();
    mended.splice(0);
    person.serve({ "/webhook": held({ secret: null, action: "unchanged" }) });
    await ensure();
    expect(sent()).toMatchObject([{ known: ["r1"] }]);
    expect(await config()).toMatchObject({ secret: "told once", subscription_mended: "created" });
    expect(mended).toEqual([]);
  });

  it("is expected to be tested while it is being created", async () => {
    let state = "";
    person.serve({
      "/webhook": (response) =>
        void config().then(({ subscription_state }) => {
          state = subscription_state;
          response.writeHead(200).end(JSON.stringify(held().body));
        }),
    });
    await ensure();
    expect([state, (await config()).subscription_state]).toEqual(["creating", "active"]);
  });

  it("is one for all environments of a client, which share its secret", async () => {
    person.serve({ "/webhook": held() });
    await ensure();
    const other = await person.configured();
    person.serve({ "/webhook": held({ secret: null, action: "unchanged" }) });
    await ensure();
    expect(await config(other)).toMatchObject({ subscription_remote_id: "r1", secret: "told once" });
    expect(sent().map(({ known }) => known)).toEqual([["r1"], ["r1"]]);
  });

  it("that cannot be created in one environment is reported there, and created in the others", async () => {
    const other = await person.configured();
    const bodies = [{ status: 503 }, held()];
    person.server.script = () => bodies.shift() ?? { status: 500 };
    await ensure();
    const states = [await config(), await config(other)].map((one) => [
      one.subscription_state,
      one.subscription_error !== null,
    ]);
    expect(states.sort()).toEqual([
      ["active", false],
      ["failed", true],
    ]);
    expect(person.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("is checked by one process at a time, and by the next one after that", async () => {
    const asked = Promise.withResolvers<() => void>();
    person.serve({
      "/webhook": (response) =>
        asked.resolve(() => void response.writeHead(200).end(JSON.stringify(held().body))),
    });
    const first = ensure();
    const answer = await asked.promise;
    await ensure();
    expect(person.asked()).toEqual(["/webhook"]);
    answer();
    await first;
    person.serve({ "/webhook": held({ secret: null, action: "updated" }) });
    await ensure();
    expect(person.asked()).toEqual(["/webhook"]);
  });
});
