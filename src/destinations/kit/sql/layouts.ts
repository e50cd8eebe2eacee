/** The layouts by their names in the settings. */
import { fhirLayout } from "./fhir.ts";
import type { Layout } from "./layout.ts";
import type { layouts } from "./settings.ts";
import { terraLayout } from "./terra.ts";
import { typedLayout } from "./typed/layout.ts";

/** In the format `fhir` the layout has the tables of people and events, and records are in others. */
export function layoutOf(name: (typeof layouts)[number], format?: string): Layout {
  const layout = name === "typed" ? typedLayout() : terraLayout;
  return format === "fhir" ? fhirLayout(layout) : layout;
}
