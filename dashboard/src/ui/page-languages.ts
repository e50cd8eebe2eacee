/** The languages of the connect page, each with its own name. */
import type { paths } from "../api/schema.gen.ts";

type Wanted = paths["/admin/v1/connect-sessions"]["post"]["requestBody"]["content"]["application/json"];
export type PageLanguage = NonNullable<Wanted["language"]>;

const names: Readonly<Record<PageLanguage, string>> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  it: "Italiano",
  pt: "Português",
  nl: "Nederlands",
  fi: "Suomi",
  sv: "Svenska",
  ja: "日本語",
};

/** As choices of a field. */
export const pageLanguages = Object.entries(names).map(([value, label]) => ({
  value: value as PageLanguage,
  label,
}));
