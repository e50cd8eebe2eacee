/** The order of trust among the sources of one type: Watch, iPhone, then other apps and devices. */
import type { Source } from "./sample.ts";

/** A name with plain spaces and apostrophes. Exporters write "Apple Watch" with U+00A0, and apps use U+2019. */
export const plainName = (name: string): string =>
  name
    .normalize("NFKC")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\s+/g, " ")
    .trim();

const classes = ["watch", "phone", "other"] as const;
export type SourceClass = (typeof classes)[number];

/** Tells the class by the model, else by Apple's own bundle and the name. A third-party app is never a device. */
export function classOf({ model, bundleId, name }: Source): SourceClass {
  if (model !== null) return classOfModel(model);
  if (bundleId !== null && !bundleId.startsWith("com.apple.")) return "other";
  const plain = name?.toLowerCase() ?? "";
  if (/\bapple watch\b/.test(plain)) return "watch";
  return /\biphone\b/.test(plain) ? "phone" : "other";
}

function classOfModel(model: string): SourceClass {
  if (/^watch/i.test(model)) return "watch";
  return /^iphone/i.test(model) ? "phone" : "other";
}

/** Tells whether a source has one of these names or bundle ids. */
export const isNamed = ({ name, bundleId }: Source, names: readonly string[]): boolean =>
  names.some((one) => one === bundleId || (name !== null && plainName(one) === plainName(name)));

/**
 * Returns the place of a source in the order of trust: those of the connection's own list first, then by class.
 *
 * @param priority names or bundle ids, the most trusted first
 */
export function rankOf(source: Source, priority: readonly string[] = []): number {
  const chosen = priority.findIndex((name) => isNamed(source, [name]));
  return chosen >= 0 ? chosen : priority.length + classes.indexOf(classOf(source));
}

/** A text that is equal for the same source. */
export const sourceKey = ({ name, bundleId, model }: Source): string =>
  JSON.stringify([name, bundleId, model]);
