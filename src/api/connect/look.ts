/** The parts that all pages of one person share: language, the developer's brand, and the link back. */
import type { FastifyRequest } from "fastify";
import type { Language } from "../../providers/provider.ts";
import { type Brand, findBrand } from "../../store/brands.ts";
import { findLinkedSession, isOpen, type WidgetSession } from "../../store/sessions.ts";
import type { ApiServices } from "../services.ts";
import { linkOf } from "./browser-cookie.ts";
import { chooseLanguage } from "./language.ts";
import { catalogue } from "./words/catalogue.ts";
import type { Words } from "./words/en.ts";

export interface Look {
  readonly language: Language;
  readonly words: Words;
  /** The developer's name; null where they gave none. */
  readonly app: string | null;
  readonly color: string | null;
  /** The path of their logo. */
  readonly logo: string | null;
  /** The host name of this server, as people see it in their browser. */
  readonly host: string;
  /** The path of the connect link that can still be used; null where none is known. */
  readonly retry: string | null;
}

interface Shown {
  readonly environmentId: string | null;
  readonly language: string | null;
  readonly retry: string | null;
}

/** The look of a session's own pages. */
export function lookOfSession(
  services: ApiServices,
  request: FastifyRequest,
  session: WidgetSession,
): Promise<Look> {
  const { environment_id: environmentId, language } = session;
  return lookOf(services, request, { environmentId, language, retry: null });
}

/** The look of a page that ends something: in its own language, else in that of the link that was opened last. */
export async function lookOfEnd(
  services: ApiServices,
  request: FastifyRequest,
  flow: { readonly environmentId: string | null; readonly language: string | null },
): Promise<Look> {
  const link = linkIn(request) ?? linkOf(request, services.publicUrl);
  const session = link === null ? null : await findLinkedSession(services.store.db, link);
  const isOther = flow.environmentId !== null && session?.environment_id !== flow.environmentId;
  const known = isOther ? null : session;
  return lookOf(services, request, {
    environmentId: flow.environmentId ?? known?.environment_id ?? null,
    language: flow.language ?? known?.language ?? null,
    retry: known !== null && isOpen(known) ? `/connect/${link}` : null,
  });
}

/** The link in the address itself. */
function linkIn({ params }: FastifyRequest): string | null {
  const { session } = Object(params) as { readonly session?: unknown };
  return typeof session === "string" ? session : null;
}

async function lookOf(
  { store, publicUrl }: ApiServices,
  { headers }: FastifyRequest,
  { environmentId, language: named, retry }: Shown,
): Promise<Look> {
  const language = chooseLanguage(named, headers["accept-language"]);
  const brand = environmentId === null ? null : await findBrand(store.db, environmentId);
  return {
    language,
    words: catalogue[language],
    app: brand?.name ?? null,
    color: brand?.color ?? null,
    logo: brand && logoPath(brand),
    host: new URL(publicUrl).hostname,
    retry,
  };
}

/** Returns the path of a brand's logo; null where it has none. */
export const logoPath = ({ logo_hash: hash }: Pick<Brand, "logo_hash">): string | null =>
  hash === null ? null : `/connect/logos/${hash.toString("hex")}`;
