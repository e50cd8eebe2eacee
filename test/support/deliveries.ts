/** Deliveries as the database has them. */
import {
  type DeliveryListFilter,
  type ListedDelivery,
  listDeliveryPage,
} from "../../src/store/delivery-list.ts";
import type { Page } from "../../src/store/rows.ts";
import type { Database } from "../../src/store/tables.ts";

/** Newest first. */
export async function listDeliveries(
  db: Database,
  environmentId: string,
  filter: DeliveryListFilter,
  page: Page,
): Promise<ListedDelivery[]> {
  return [...(await listDeliveryPage(db, environmentId, filter, page)).rows];
}
