/** Makes the guide to a provider's fields from the ledgers of its resources. */
import type { Carried, Fate, Mapped } from "../src/providers/ledger.ts";
import type { Provider, Resource } from "../src/providers/provider.ts";
import { isOffering, type OfferingNormalizer } from "../src/providers/provider-data.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string): string => `\`${text}\``;
const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const minus = (value: number | string): string => String(value).replace("-", "−");

/** Returns the record types that offer the carried leaves of a resource. */
function placesOf(provider: Provider, { name }: Resource): { type: string; isList: boolean }[] {
  return provider.normalizers.filter(isOffering).flatMap(({ type, offered: { one, several = [] } }) => {
    const isList = several.some((resource) => resource.name === name);
    return isList || one.some((resource) => resource.name === name) ? { type, isList } : [];
  });
}

function sentinelsOf({ sentinels = [] }: Carried): string {
  return sentinels.length > 0 ? `${sentinels.map(minus).join(", ")} → null` : "as sent";
}

const along = ({ identifies }: Mapped): string =>
  identifies ? "Also offered beside the carried leaves that it identifies" : "";

/** Returns the cells beside a leaf. */
function cellsOf(fate: Fate, path: string): readonly [fate: string, where: string, how: string, why: string] {
  switch (fate.fate) {
    case "mapped":
      return [
        "mapped",
        fate.to.map(code).join(", "),
        fate.how,
        [fate.why, along(fate)].filter(Boolean).join(". "),
      ];
    case "carried":
      return ["carried", [path, ...(fate.also ?? [])].map(code).join(", "), sentinelsOf(fate), fate.what];
    case "ignored":
      return ["ignored", "", "", fate.reason];
  }
}

function table(provider: Provider, resource: Resource): string {
  const places = placesOf(provider, resource);
  const list = places.some(({ isList }) => isList) ? "[]" : "";
  const rows = Object.entries(resource.ledger).map(([leaf, fate]) => {
    const path = `provider_data.${provider.slug}.${resource.name}${list}.${leaf}`;
    // A leaf that no record carries is not listed as offered.
    const cells = cellsOf(fate, places.length > 0 ? path : "");
    return `| ${[code(leaf), ...cells].map(cell).join(" | ")} |`.replaceAll("``", "");
  });
  return ["| Leaf | Fate | Where | How | What, or why |", "|---|---|---|---|---|", ...rows].join("\n");
}

function section(provider: Provider, resource: Resource): string {
  const types = placesOf(provider, resource).map(({ type }) => capitalized(type));
  const into = types.length > 0 ? `Carried leaves are offered in ${types.join(" and ")}.\n\n` : "";
  return `## ${resource.name}\n\n${into}${table(provider, resource)}\n`;
}

/** Describes the keys of `provider_data` that come from no body. */
function toldSection({ slug, normalizers, displayName: name }: Provider): string {
  const rows = normalizers
    .filter(isOffering)
    .flatMap(({ type, offered: { told = [] } }: OfferingNormalizer) =>
      told.map(
        ({ path, what }) =>
          `| ${[type, code(`provider_data.${slug}.${path}`), what].map(cell).join(" | ")} |`,
      ),
    );
  if (rows.length === 0) return "";
  const lead = `Beside ${name}'s own data, \`provider_data\` says what the normalisers inferred or corrected, and by which evidence.`;
  const head = "| Record | Where | Unit and meaning |\n|---|---|---|";
  return `\n## Added by the normalisers\n\n${lead}\n\n${head}\n${rows.join("\n")}\n`;
}

function counted(provider: Provider): string {
  const fates = provider.resources.flatMap(({ ledger }) => Object.values(ledger));
  const count = (name: Fate["fate"]) => fates.filter(({ fate }) => fate === name).length;
  return `${fates.length} leaves: ${count("mapped")} mapped, ${count("carried")} carried, ${count("ignored")} ignored`;
}

const isGrowing = ({ resources }: Provider): boolean =>
  resources.some(({ growing }) => growing !== undefined);

const keysOf = (provider: Provider): string =>
  isGrowing(provider)
    ? "Bodies are read into items of one form, whichever format brings them; `samples` are the items of a resource that grows. A leaf of a body that is read into such items is listed with the body as well."
    : "Keys are read in snake_case and in kebab-case, and written in snake_case.";

/** Explains the marks of sources, where a ledger has them. */
function sourcesOf({ displayName: name, resources }: Provider): string {
  const isMarked = resources.some(({ ledger }) => /\[[ODR]\]/.test(JSON.stringify(Object.values(ledger))));
  return isMarked
    ? `Sources: **[O]** ${name}'s OpenAPI description, **[D]** its HTML documentation, **[R]** captured bodies of real devices. `
    : "";
}

export function fieldsPage(provider: Provider, notice: string): string {
  const { displayName: name, slug, resources } = provider;
  return `<!-- ${notice} from the ledgers in src/providers/${slug}; do not edit. -->
# What becomes of every ${name} field

Each leaf of each body that ${name} sends is in exactly one list (${counted(provider)}):

- **mapped**: its value is in the Terra fields of the column "Where". *exact*: the value is unchanged. *converted*: its unit or code is changed. *derived*: it is computed from given values by the formula. *key*: it is part of an identity.
- **carried**: Terra has no field for it. It is offered in the record's [\`provider_data\`](rest-api.md#provider_data), at its own path.
- **ignored**: it is of no use to anybody. It stays in the raw body, which is always kept.

${keysOf(provider)} \`[]\` stands for the items of a list, \`{}\` for the values of a map whose keys are times, \`[sample_type=9]\` for the items of one kind. A path also stands for everything below it. A leaf that is in no list is counted and shown when it first arrives.

${sourcesOf(provider)}Rules for all fields are in [the plugin's README](../../src/providers/${slug}/README.md#rules).

${resources.map((resource) => section(provider, resource)).join("\n")}${toldSection(provider)}`;
}
