/** What is left of a provider's limits, and our webhook there made good. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { usedUpInSeconds } from "../../sync/planner/forecast.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { shownProvider, showProvider } from "./providers.ts";

const tags = ["Admin: providers"];
const params = z.object({ slug: z.string() });
const repairMs = 30_000;

const budget = z.object({
  client: z.string().describe("Names the provider's client without telling its id"),
  users: z.int().describe("People connected through the client, in whatever environment"),
  users_that_fit: z
    .int()
    .nullable()
    .describe("The number that the limits would carry; null until a day is counted"),
  calls_per_user_day: z.number().nullable().describe("Null until a day is counted"),
  windows: z.array(
    z.object({
      name: z.string(),
      used: z.int(),
      limit: z.int(),
      resets_in_seconds: z.number(),
      used_up_in_seconds: z
        .int()
        .nullable()
        .describe(
          "At the rate of the window so far; null where it begins anew before that, or too little of it has passed",
        ),
    }),
  ),
});

export function providerLimitRoutes(app: Api, services: ApiServices): void {
  quotaRoute(app, services);
  repairRoute(app, services);
}

function quotaRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Calls used of a provider's limits, and how many people they would carry",
    params,
    response: { 200: z.object({ data: z.array(budget).describe("None before the first call") }) },
  };
  app.get("/providers/:slug/quota", { schema }, async (request) => {
    const { slug } = known(services, request.params.slug);
    const budgets = await services.budgetsOf({ environmentId: environmentIdOf(request), provider: slug });
    return {
      data: budgets.map(({ client, users, usersThatFit, callsPerUserDay, windows }) => ({
        client,
        users,
        users_that_fit: usersThatFit,
        calls_per_user_day: callsPerUserDay,
        windows: windows.map((window) => ({
          name: window.name,
          used: window.used,
          limit: window.limit,
          resets_in_seconds: window.resetSeconds,
          used_up_in_seconds: usedUpInSeconds(window),
        })),
      })),
    };
  });
}

function repairRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Look at our webhook at a provider now, and make it, move it or wake it where needed",
    description:
      "The answer is the provider with the webhook's state after that. Where it is made by hand, `steps` say how.",
    params,
    response: { 200: shownProvider },
  };
  app.post("/providers/:slug/webhook/repair", { schema }, async (request) => {
    const provider = known(services, request.params.slug);
    const environmentId = environmentIdOf(request);
    const before = await showProvider(services, environmentId, provider);
    await services.repairWebhooks(AbortSignal.timeout(repairMs));
    const after = await showProvider(services, environmentId, provider);
    noteChange(request, { before: before.subscription, after: after.subscription });
    return after;
  });
}

/** @throws SystoleError PROVIDER_UNKNOWN */
function known({ providers }: ApiServices, slug: string): Provider {
  const provider = providers.find((one) => one.slug === slug);
  if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return provider;
}
