/** The five steps to the first payload, each as it stands. */
import { z } from "zod";
import { needsNoSettings } from "../../providers/environment.ts";
import type { Provider } from "../../providers/provider.ts";
import { readSetup, type SetupFacts } from "../../store/overview.ts";
import { listProviderConfigs, type ProviderConfig } from "../../store/provider-configs.ts";
import { environmentOf } from "../auth.ts";
import { configuredProviders } from "../configured.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";

const names = ["keys", "provider", "webhook", "destination", "person"] as const;

const step = z.object({
  step: z.enum(names),
  done: z.boolean(),
  detail: z.string().nullable().describe("The state, or the fault, in a sentence"),
});

const setup = component(
  "Setup",
  z.object({
    dev_id: z.string(),
    public_url: z.string(),
    providers: z.array(z.string()).describe("Slugs of those that people can connect"),
    steps: z
      .array(step)
      .describe("Keys, credentials of a provider, our webhook there, a destination, a person"),
    delivered: z.boolean().describe("Whether a payload was delivered, as far back as attempts are kept"),
  }),
);

export function setupRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Admin: overview"],
    summary: "The steps to an environment's first payload, and which are done",
    response: { 200: setup },
  };
  app.get("/setup", { schema }, async (request) => {
    const { environment_id: environmentId, dev_id } = environmentOf(request);
    const { db } = services.store;
    const [facts, providers, configs] = await Promise.all([
      readSetup(db, environmentId),
      configuredProviders(services, environmentId),
      listProviderConfigs(db),
    ]);
    const own = configs.filter((config) => config.environment_id === environmentId);
    const withCredentials = providers.filter((provider) => !needsNoSettings(provider));
    return {
      dev_id,
      public_url: services.publicUrl,
      providers: slugsOf(providers),
      steps: stepsOf(facts, slugsOf(withCredentials), webhookStep(services, own)),
      delivered: facts.hasDelivered,
    };
  });
}

const slugsOf = (providers: readonly Provider[]): string[] => providers.map(({ slug }) => slug);

type Step = z.output<typeof step>;

const stepsOf = (facts: SetupFacts, slugs: readonly string[], webhook: Step): Step[] => [
  { step: "keys", done: facts.keys > 0, detail: facts.keys > 0 ? `${facts.keys} in force` : null },
  { step: "provider", done: slugs.length > 0, detail: slugs.length > 0 ? slugs.join(", ") : null },
  webhook,
  {
    step: "destination",
    done: facts.destinations > 0,
    detail: facts.destinations > 0 ? `${facts.destinations} active` : null,
  },
  { step: "person", done: facts.hasPeople, detail: null },
];

/** Done where one provider's webhook is active, or none of the configured ones has a webhook. */
function webhookStep({ providers }: ApiServices, configs: readonly ProviderConfig[]): Step {
  const subscribing = configs.filter(
    ({ provider }) => providers.find(({ slug }) => slug === provider)?.subscription !== undefined,
  );
  const active = subscribing.filter(({ subscription_state: state }) => state === "active");
  const failed = subscribing.find(({ subscription_error: error }) => error !== null);
  const isNeedless = configs.length > 0 && subscribing.length === 0;
  const detail = isNeedless
    ? "No configured provider has a webhook"
    : (failed?.subscription_error ?? (active.map(({ provider }) => provider).join(", ") || null));
  return { step: "webhook", done: active.length > 0 || isNeedless, detail };
}
