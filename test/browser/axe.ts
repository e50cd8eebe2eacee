/** axe-core on a page, all its rules. */
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What axe finds on the page as it is now, a line for each place: the rule, the element and why. Open the page in a
 * context with `bypassCSP`, since a strict policy refuses axe's script as well.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.addScriptTag({ path: source });
  const { violations } = await page.evaluate((): Promise<axe.AxeResults> => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
    return loaded.run();
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}
