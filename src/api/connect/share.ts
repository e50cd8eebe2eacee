/** The data that a person shares, by the provider's declaration, and the agreement as it is kept. */
import type { DataType } from "../../models/index.ts";
import { firstConsent } from "../../providers/consents.ts";
import { isNeeded } from "../../providers/needed-resources.ts";
import { neededScopes } from "../../providers/needed-scopes.ts";
import {
  inLanguage,
  type Language,
  type OAuthConsent,
  type Provider,
  type Scope,
} from "../../providers/provider.ts";
import type { FlowAgreement } from "../../store/tables.ts";
import type { Look } from "./look.ts";

/** A thing that is shared, in plain words. */
export interface SharedItem {
  readonly title: string;
  readonly detail: string | null;
}

export interface ScopeChoice {
  readonly name: string;
  readonly label: string;
}

/** All that a person reads before they agree. */
export interface Share {
  readonly title: string;
  readonly items: readonly SharedItem[];
  /** The number of days that it reaches back; null where only new data is shared. */
  readonly past: string | null;
  /** The person's choice. */
  readonly choices: readonly ScopeChoice[];
  readonly receiver: string;
  readonly end: string;
  readonly button: string;
  /** The names of the scopes that are asked for without a choice. */
  readonly required: readonly string[];
}

interface Sharing {
  /** A consent of somebody who is connected; null: the one that connects. */
  readonly further: OAuthConsent<unknown> | null;
  /** The data types that the environment handles; null: all of the provider's. */
  readonly types: readonly DataType[] | null;
}

export function shareOf(
  provider: Provider,
  { words, language, app, host }: Look,
  { further, types }: Sharing,
): Share {
  const { displayName, connecting } = provider;
  const { share } = words;
  const consent = further ?? (connecting.kind === "oauth" ? firstConsent(provider) : null);
  const days = reachOf(provider, types);
  const labelOf = ({ label }: Scope) => inLanguage(label, language);
  const scopes = consent === null ? [] : neededScopes(provider, consent, types);
  const required = scopes.filter(({ isRequired }) => isRequired);
  return {
    title: share.title(displayName, app),
    items: further === null ? typesOf(provider, words, types) : furtherItems(further, required, language),
    past: days > 1 ? share.past(displayName, days) : null,
    choices: scopes
      .filter(({ isRequired }) => !isRequired)
      .map((scope) => ({ name: scope.name, label: labelOf(scope) })),
    receiver: share.receiver(app, host),
    end: endOf(provider, words, app),
    button: connecting.kind === "oauth" ? share.goOn(displayName) : share.agree,
    required: required.map(({ name }) => name),
  };
}

/** All that a further consent opens, and what of it is new to the person. */
const furtherItems = ({ adds }: OAuthConsent<unknown>, required: readonly Scope[], language: Language) =>
  [...required.map(({ label }) => label), ...(adds ?? [])].map((text) => ({
    title: inLanguage(text, language),
    detail: null,
  }));

/** The words for a further consent: its own, or the data of its scopes. */
export const addedBy = (
  { adds, scopes }: Pick<OAuthConsent<unknown>, "adds" | "scopes">,
  language: Language,
): string[] => (adds ?? scopes.map(({ label }) => label)).map((text) => inLanguage(text, language));

type Handled = Sharing["types"];

const typesOf = ({ dataTypes }: Provider, words: Look["words"], handled: Handled): SharedItem[] =>
  dataTypes.filter((type) => handled?.includes(type) ?? true).map((type) => words.types[type]);

/** The most days back that any resource of the handled types answers. */
const reachOf = (provider: Provider, handled: Handled): number =>
  Math.max(
    0,
    ...provider.resources
      .filter(({ name }) => isNeeded(provider, name, handled))
      .map(({ discovery }) => discovery?.reachDays ?? 0),
  );

/** Tells the person how to end it. */
export function endOf({ displayName, connecting }: Provider, { share }: Look["words"], app: string | null) {
  if (connecting.kind === "oauth") return share.endAtProvider(displayName, app);
  return connecting.kind === "key" ? share.endByKey(displayName, app) : share.endInApp(app);
}

/** The agreement as it stood on the page, with the scopes that the person chose. */
export function agreementOf(
  share: Share,
  { language, words }: Look,
  chosen: readonly string[],
): FlowAgreement {
  const agreed = share.choices.filter(({ name }) => chosen.includes(name));
  const lines = [
    share.title,
    words.share.what,
    ...share.items.map(({ title, detail }) => `- ${detail === null ? title : `${title}: ${detail}`}`),
    ...agreed.map(({ label }) => `- ${label}`),
    ...(share.past === null ? [] : [share.past]),
    `${words.share.receiverTitle}: ${share.receiver}`,
    `${words.share.endTitle}: ${share.end}`,
    `[${share.button}]`,
  ];
  return {
    language,
    text: lines.join("\n"),
    scopes: [...share.required, ...agreed.map(({ name }) => name)],
    agreed_at: new Date().toISOString(),
  };
}
