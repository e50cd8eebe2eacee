/** The language of a person's pages: the one that the session names, else the first that their browser asks for. */
import { type Language, languages } from "../../providers/provider.ts";

/** English where neither names a language that there is. */
export function chooseLanguage(
  named: string | null | undefined,
  acceptLanguage: string | undefined,
): Language {
  const wanted = [named ?? "", ...preferred(acceptLanguage ?? "")];
  return wanted.map(known).find((language) => language !== undefined) ?? "en";
}

/** `pt-BR` and `PT_br` are `pt`. */
function known(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0];
  return languages.find((language) => language === primary);
}

/** The tags of an Accept-Language header (RFC 9110 §12.5.4), those that are liked most first. */
function preferred(header: string): string[] {
  return header
    .split(",")
    .map((range) => {
      const [tag = "", ...parameters] = range.split(";");
      const quality = parameters.map((one) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(one)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
