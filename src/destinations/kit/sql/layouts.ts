/** The layouts by their names in the settings. */
import type { Layout } from "./layout.ts";
import type { layouts } from "./settings.ts";
import { terraLayout } from "./terra.ts";
import { typedLayout } from "./typed/layout.ts";

export function layoutOf(name: (typeof layouts)[number]): Layout {
  return name === "typed" ? typedLayout() : terraLayout;
}
