/** Runs all rules of axe-core on a page. */
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The rules that judge colours. */
export const colorRules = ["color-contrast", "link-in-text-block"];

/**
 * Returns axe's findings on the page, one line for each place: the rule, the element and the reason. Open the
 * page in a context with `bypassCSP`, since a strict policy refuses axe's script too. All rules are
 * run, unless some are named.
 */
export async function axeViolations(page: Page, rules: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.addScriptTag({ path: source });
  const { violations } = await page.evaluate(
    (runOnly): Promise<axe.AxeResults> => {
      const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
      return loaded.run(runOnly.length === 0 ? {} : { runOnly });
    },
    [...rules],
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}
