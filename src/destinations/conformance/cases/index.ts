/** Every case, by the name that skips it. */
import type { Case } from "../bench.ts";
import { abortCases } from "./abort.ts";
import { batchingCases } from "./batching.ts";
import { checkingCases } from "./checking.ts";
import { closingCases } from "./closing.ts";
import { concurrencyCases } from "./concurrency.ts";
import { contentCases } from "./content.ts";
import { endlessCases } from "./endless.ts";
import { faultCases } from "./faults.ts";
import { formatCases } from "./formats.ts";
import { hostileCases } from "./hostile.ts";
import { identityCases } from "./identity.ts";
import { notingCases } from "./noting.ts";
import { refusalCases } from "./refusal.ts";
import { sizeCases } from "./size.ts";

export const cases = {
  ...contentCases,
  ...formatCases,
  ...identityCases,
  ...hostileCases,
  ...sizeCases,
  ...batchingCases,
  ...notingCases,
  ...refusalCases,
  ...checkingCases,
  ...faultCases,
  ...abortCases,
  ...endlessCases,
  ...concurrencyCases,
  ...closingCases,
} satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;
export const caseNames = Object.keys(cases) as readonly CaseName[];
