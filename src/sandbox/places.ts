/** Finds the sandbox that answers a path. All of them share one port. */
import type { SandboxPlugin } from "./contract.ts";

/** The prefixes of a sandbox's paths. Both are empty, or begin with a slash and end without one. */
export interface Prefixes {
  /** Before the provider's own paths. */
  readonly own: string;
  /** Before the control side's paths. */
  readonly control: string;
}

const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`);

const collide = (one: SandboxPlugin, other: SandboxPlugin): boolean =>
  one.paths.some((a) => other.paths.some((b) => isBelow(a, b) || isBelow(b, a)));

export function prefixesOf(plugin: SandboxPlugin, plugins: readonly SandboxPlugin[]): Prefixes {
  if (plugin.isAtRoot) return { own: "", control: "/_sandbox" };
  const isAlone = plugins.every((other) => other === plugin || !collide(plugin, other));
  return { own: isAlone ? "" : `/${plugin.slug}`, control: `/_sandbox/${plugin.slug}` };
}

export interface Target {
  readonly slug: string;
  /** The path without the sandbox's prefix. */
  readonly path: string;
}

/** Finds the sandbox for a path without its query; null when no sandbox has it. */
export function targetOf(path: string, plugins: readonly SandboxPlugin[]): Target | null {
  const controlled = /^\/_sandbox\/([^/]+)(\/.*)?$/.exec(path);
  const [, slug = "", rest = ""] = controlled ?? [];
  if (plugins.some((plugin) => plugin.slug === slug)) return { slug, path: `/_sandbox${rest}` };
  const root = plugins.find((plugin) => plugin.isAtRoot);
  if (isBelow(path, "/_sandbox")) return root === undefined ? null : { slug: root.slug, path };
  for (const plugin of plugins) {
    const { own } = prefixesOf(plugin, plugins);
    const inside = path.slice(own.length);
    if (!isBelow(path, own)) continue;
    if (own !== "" || plugin.paths.some((base) => isBelow(path, base))) {
      return { slug: plugin.slug, path: inside === "" ? "/" : inside };
    }
  }
  return root === undefined ? null : { slug: root.slug, path };
}
