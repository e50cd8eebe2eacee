import type { DatabaseOrTransaction } from "../tables.ts";
import type { BodyStore } from "./body-store.ts";

/** A database or transaction, and the store of the bodies that its rows name. */
export interface BodySource {
  readonly db: DatabaseOrTransaction;
  readonly bodies: BodyStore;
}
