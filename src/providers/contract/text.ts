/** Text for people: what the connect page shows of a provider's declaration. */

/** The languages of the pages that people see. */
export const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "fi", "sv", "ja"] as const;
export type Language = (typeof languages)[number];

/** Plain words in every language. A missing one does not compile. */
export type Translated = Readonly<Record<Language, string>>;

/** Plain words; where there is English only, it is shown in every language. */
export type Text = string | Translated;

export const inLanguage = (text: Text, language: Language): string =>
  typeof text === "string" ? text : text[language];
