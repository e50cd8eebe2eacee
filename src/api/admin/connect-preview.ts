/** The connect page as it would look with a brand that is not saved yet, in a frame of the dashboard. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { needsNoSettings } from "../../providers/environment.ts";
import { languages, type Provider } from "../../providers/provider.ts";
import { type Brand, findBrand } from "../../store/brands.ts";
import { findChoice } from "../../store/data-choices.ts";
import { type Environment, findEnvironment } from "../../store/environments.ts";
import { configuredProviders } from "../configured.ts";
import { type Page, sendDocument } from "../connect/document.ts";
import { type Look, logoPath } from "../connect/look.ts";
import { choosePage } from "../connect/pages/choose.ts";
import { sharePage } from "../connect/pages/share.ts";
import { shareOf } from "../connect/share.ts";
import { catalogue } from "../connect/words/catalogue.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { brandColor, brandName } from "./brand.ts";

const draft = z.object({
  name: brandName.optional(),
  color: brandColor.optional(),
  logo: z
    .enum(["stored", "none", "draft"])
    .default("stored")
    .describe("`draft`: an empty picture in the logo's place, for the frame's owner to fill"),
  page: z.enum(["choose", "share"]).default("share"),
  scheme: z.enum(["light", "dark"]).default("light"),
  language: z.enum(languages).default("en"),
});
type Draft = z.output<typeof draft>;

/** A link that opens nothing. */
const link = "preview";
const emptyPicture = "data:,";

export function connectPreviewRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Admin: environments and keys"],
    summary: "The connect page with a brand that need not be saved, as HTML for a frame of this host",
    description: "It is made by the code that makes the page people see. Its links and forms lead nowhere.",
    params: z.object({ dev_id: z.string() }),
    querystring: draft,
    response: { 200: { description: "The page", content: { "text/html": { schema: { type: "string" } } } } },
  };
  app.get("/environments/:dev_id/connect-page", { schema }, async (request, reply) => {
    const { dev_id: devId } = request.params;
    const environment = await findEnvironment(services.store.db, devId);
    if (environment === null) throw new SystoleError("RESOURCE_NOT_FOUND", { environment: devId });
    const look = await lookOf(services, environment, request.query);
    const page = await pageOf(services, environment, request.query, look);
    return sendDocument(reply, 200, { ...page, framed: request.query.scheme }, look);
  });
}

async function lookOf(
  { store, publicUrl }: ApiServices,
  { environment_id: id }: Environment,
  { name, color, logo, language }: Draft,
): Promise<Look> {
  return {
    language,
    words: catalogue[language],
    app: name ?? null,
    color: color ?? null,
    logo: logoOf(logo, await findBrand(store.db, id)),
    host: new URL(publicUrl).hostname,
    retry: null,
  };
}

function logoOf(which: Draft["logo"], stored: Brand): string | null {
  if (which === "none") return null;
  return which === "draft" ? emptyPicture : logoPath(stored);
}

async function pageOf(
  services: ApiServices,
  { environment_id: environmentId }: Environment,
  { page }: Draft,
  look: Look,
): Promise<Page> {
  const configured = await configuredProviders(services, environmentId);
  // Nothing is enabled yet: any provider shows what the page will look like.
  const offered = configured.length > 0 ? configured : services.providers.slice(0, 1);
  // One that the developer has enabled is what their people will see.
  const first = offered.find((provider) => !needsNoSettings(provider)) ?? offered[0];
  if (page === "choose" || first === undefined) {
    return choosePage({ link, providers: offered, query: "" }, look);
  }
  return sharePageOf(services, { environmentId, provider: first, hasOthers: offered.length > 1 }, look);
}

async function sharePageOf(
  { store: { db } }: ApiServices,
  {
    environmentId,
    provider,
    hasOthers,
  }: { readonly environmentId: string; readonly provider: Provider; readonly hasOthers: boolean },
  look: Look,
): Promise<Page> {
  const { types } = await findChoice(db, { environmentId, provider: provider.slug });
  const share = shareOf(provider, look, { further: null, types });
  const unsent = { further: null, chosen: [], problem: null, leadsTo: [] };
  return sharePage({ link, provider, share, hasOthers, ...unsent }, look);
}
