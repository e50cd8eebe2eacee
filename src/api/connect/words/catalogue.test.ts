/** The catalogue is whole, and no language has English in it. */
import { describe, expect, it } from "vitest";
import { inLanguage, languages, type Provider, type Text } from "../../../providers/provider.ts";
import { providers } from "../../../providers/registry.ts";
import { catalogue } from "./catalogue.ts";

type Saying = (...given: readonly (string | null)[]) => string;

/** The names of a function's parameters, as English has them; other languages may leave some out. */
const parametersOf = (english: unknown): string[] =>
  (/^\(([^)]*)\)/.exec(String(english))?.[1] ?? "").split(",").flatMap((name) => name.trim() || []);

/** Every text by its path. Functions are called with the names of their parameters, then without the developer's. */
function textsOf(english: unknown, value: unknown, path = ""): [path: string, text: string][] {
  if (typeof english === "string") return [[path, String(value)]];
  if (typeof english === "function") {
    const parameters = parametersOf(english);
    const named = parameters.map((name) => `<${name}>`);
    const nameless = parameters.map((name) => (name === "app" ? null : `<${name}>`));
    const say = (given: (string | null)[]) => (value as Saying)(...given);
    return [
      [path, say(named)],
      ...(parameters.includes("app") ? [[`${path} without a name`, say(nameless)] as [string, string]] : []),
    ];
  }
  return Object.entries(english as object).flatMap(([key, child]) =>
    textsOf(child, (value as Record<string, unknown>)[key], `${path}.${key}`),
  );
}

const english = new Map(textsOf(catalogue.en, catalogue.en));
const others = languages.filter((language) => language !== "en");

/** Words that no sentence in another of the languages has. */
const englishWords = /(?<!\p{L})(the|you|your|this|with|and|please|again|share|choose|connect)(?!\p{L})/iu;

it("has texts", () => {
  expect(english.size).toBeGreaterThan(100);
});

describe.each(others)("in %s", (language) => {
  const texts = textsOf(catalogue.en, catalogue[language]);

  it("there is every text that there is in English", () => {
    for (const [path, text] of texts) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/\bnull\b|undefined|\[object/);
    }
  });

  it("no text is left in English", () => {
    expect(texts.filter(([path, text]) => text === english.get(path))).toEqual([]);
    for (const [path, text] of texts) expect(text.replaceAll(/<\w+>/g, ""), path).not.toMatch(englishWords);
  });

  it("names stand where English has them", () => {
    const names = (of = "") => [...new Set(of.match(/<\w+>/g))].sort();
    for (const [path, text] of texts) expect(names(text), path).toEqual(names(english.get(path)));
  });
});

describe("what providers say to people", () => {
  const access = { url: "https://example.org", token: "token", header: ["authorization", "token"] } as const;
  const guidesOf = ({ uploads = {} }: Provider) => Object.values(uploads).flatMap(({ guide }) => guide ?? []);
  const declared = providers.flatMap((provider): [string, Text][] => {
    const { slug, connecting } = provider;
    if (connecting.kind === "upload") {
      return guidesOf(provider)
        .flatMap(({ steps, links }) => [...steps, ...(links?.(access) ?? []).map(({ label }) => label)])
        .map((text) => [slug, text]);
    }
    if (connecting.kind === "key") return connecting.instructions.steps.map((step) => [slug, step]);
    return connecting.consents.flatMap(({ scopes }) =>
      scopes.map(({ label }): [string, Text] => [slug, label]),
    );
  });

  it.each(declared)("%s says in every language", (_, text) => {
    const said = languages.map((language) => inLanguage(text, language));
    expect(new Set(said).size).toBe(languages.length);
  });
});
