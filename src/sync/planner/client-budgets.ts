/** Finds the budget that a call draws on; implemented by the module that knows the providers' clients. */
import type { BudgetId } from "../../store/provider-budgets.ts";
import type { ProviderConfigId } from "../../store/provider-config-id.ts";

export interface ClientBudgets {
  /** Environments that share a client share its budget. */
  budgetFor(id: ProviderConfigId, api: string): Promise<BudgetId>;
  /** Returns the environments that draw on this budget. */
  sharing(budget: BudgetId): Promise<string[]>;
}
