/**
 * Splits Mantine's stylesheet, of which the dashboard uses a half: a build loads the styles of a component with its
 * code. Styles that other components build upon are loaded at once, in a layer below the others', so that the order in
 * which files arrive decides nothing.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "vite";

const whole = /[\\/]@mantine[\\/]core[\\/]styles\.layer\.css$/;
const classes = /[\\/]@mantine[\\/]core[\\/]esm[\\/]components[\\/](\w+)[\\/][\w.-]+\.module\.mjs$/;
/** In Mantine's own order. */
const shared = [
  "baseline",
  "default-css-variables",
  "global",
  "ScrollArea",
  "UnstyledButton",
  "VisuallyHidden",
  "Paper",
  "Popover",
  "CloseButton",
  "Group",
  "Loader",
  "Overlay",
  "ModalBase",
  "Input",
  "InlineInput",
  "FloatingIndicator",
  "Text",
];

export function mantineStyles(): Plugin {
  return {
    name: "mantine-styles",
    apply: "build",
    enforce: "pre",
    async load(id) {
      if (!whole.test(id)) return null;
      const styles = path.join(path.dirname(id), "styles");
      const read = shared.map((name) => readFile(path.join(styles, `${name}.layer.css`), "utf8"));
      const parts = await Promise.all(read);
      return parts.join("\n").replaceAll("@layer mantine {", "@layer mantine.shared {");
    },
    transform(code, id) {
      const [, name] = classes.exec(id) ?? [];
      if (name === undefined || shared.includes(name)) return null;
      const file = path.join(
        id.slice(0, id.indexOf(`${path.sep}esm${path.sep}`)),
        "styles",
        `${name}.layer.css`,
      );
      return existsSync(file) ? { code: `${code}\nimport ${JSON.stringify(file)};`, map: null } : null;
    },
  };
}
