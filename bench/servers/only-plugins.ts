/**
 * Preloaded before anything else (`--import`): the registry of providers then has those of PLUGINS alone, paths of their
 * modules separated by commas, in every thread.
 */
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.resolve(import.meta.dirname, "../..");
const registry = pathToFileURL(path.join(root, "src/providers/registry.gen.ts")).href;
const plugins = (process.env.PLUGINS ?? "").split(",").filter((name) => name !== "");

const source = [
  ...plugins.map((name, index) => {
    const [file = "", named = "default"] = name.split("#");
    return `import { ${named} as plugin${index} } from ${JSON.stringify(pathToFileURL(path.join(root, file)).href)};`;
  }),
  `export const providerPlugins = [${plugins.map((_, index) => `plugin${index}`).join(", ")}];`,
].join("\n");

registerHooks({
  load: (url, context, next) =>
    url === registry ? { format: "module", source, shortCircuit: true } : next(url, context),
});
