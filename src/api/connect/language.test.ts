import fc from "fast-check";
import { expect, it } from "vitest";
import { languages } from "../../providers/provider.ts";
import { chooseLanguage } from "./language.ts";

it.each([
  ["de", undefined, "de"],
  ["pt-BR", "en", "pt"],
  ["FR", "en", "fr"],
  ["ja_JP", "en", "ja"],
  ["xx", "sv", "sv"],
  ["", "fi-FI,fi;q=0.9,en;q=0.8", "fi"],
  [null, "en;q=0.5, nl;q=0.7", "nl"],
  [null, "da, nb;q=0.9, it;q=0.2", "it"],
  [null, "es;q=0, de;q=0.1", "de"],
  [null, "*", "en"],
  [null, undefined, "en"],
  ["dexter", undefined, "en"],
] as const)("session %j and browser %j: %s", (named, header, expected) => {
  expect(chooseLanguage(named, header)).toBe(expected);
});

it("whatever a browser sends, there is a language", () => {
  fc.assert(
    fc.property(fc.option(fc.string()), fc.string(), (named, header) => {
      expect(languages).toContain(chooseLanguage(named, header));
    }),
  );
});
