/**
 * The keys of `provider_data`: those in the ledgers of every provider's resources, and those that its
 * normalisers add.
 */
import type { ProviderKey, ProviderKeyKind } from "../src/models/provider-key.ts";
import type { Fate } from "../src/providers/ledger.ts";
import type { Provider, Resource } from "../src/providers/provider.ts";
import { isOffering, type Told } from "../src/providers/provider-data.ts";

/** Each provider and type has a list of its own: TypeScript does not check one of more than a thousand literals. */
export function providerKeysFile(providers: readonly Provider[], notice: string): string {
  const lists = Map.groupBy(providers.flatMap(keysOf), ({ provider, type }) => listName(provider, type));
  const names = [...lists.keys()];
  return `// ${notice} from the ledgers of src/providers; do not edit.
import type { ProviderKey } from "./provider-key.ts";

${[...lists].map(([name, keys]) => listText(name, keys)).join("\n")}
export const providerKeys: readonly ProviderKey[] = [
${names.map((name) => `  ...${name},`).join("\n")}
];
`;
}

/** `two-words` and `daily` → `twoWordsDaily`. */
const listName = (slug: string, type: string): string =>
  `${slug}-${type}`.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const listText = (name: string, keys: readonly ProviderKey[]): string =>
  `const ${name}: readonly ProviderKey[] = [
${keys.map((key) => `  ${JSON.stringify(key)},`).join("\n")}
];
`;

function keysOf({ slug, normalizers, resources }: Provider): ProviderKey[] {
  return normalizers.filter(isOffering).flatMap(({ type, offered: { one, several = [], told = [] } }) => [
    ...told.map((leaf): ProviderKey => ({ provider: slug, type, ...toldLeaf(leaf) })),
    ...resources
      .filter((resource) => one.includes(resource) || several.includes(resource))
      .flatMap((resource) =>
        leavesOf(resource).map(
          (leaf): ProviderKey => ({
            provider: slug,
            type,
            resource: resource.name,
            ...(several.includes(resource) && { several: true as const }),
            ...leaf,
          }),
        ),
      ),
  ]);
}

/** The first name of its path stands in for a resource. */
function toldLeaf({ path, kind, what }: Told): Pick<ProviderKey, "resource" | "path" | "kind" | "what"> {
  const [resource = "", ...within] = path.split(".");
  return { resource, path: within.join("."), kind, what };
}

type Leaf = Pick<ProviderKey, "path" | "kind" | "what">;

/** Returns the carried leaves, and those that identify the list item of a carried one. */
function leavesOf({ ledger }: Resource): Leaf[] {
  const carriedLists = Object.entries(ledger)
    .filter(([, { fate }]) => fate === "carried")
    .map(([path]) => listOf(path));
  return Object.entries(ledger).flatMap(([path, fate]): Leaf[] => {
    if (fate.fate === "carried") return [{ path, kind: kindOf(fate), what: fate.what }];
    const goesAlong = fate.fate === "mapped" && fate.identifies && carriedLists.includes(listOf(path));
    return goesAlong ? [{ path, kind: "text", what: `Tells it apart: ${fate.why ?? fate.how}` }] : [];
  });
}

const listOf = (path: string): string => path.replace(/\[[^\]]*=[^\]]*\]/g, "[]").replace(/[^\]]*$/, "");

function kindOf(fate: Extract<Fate, { fate: "carried" }>): ProviderKeyKind {
  const { kind, sentinels = [] } = fate;
  if (kind !== undefined) return kind;
  return sentinels.length > 0 && sentinels.every((one) => typeof one === "number") ? "number" : "text";
}
