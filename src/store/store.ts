/** The dependencies of every module that stores something. */
import type { KeyRing } from "../security/key-ring.ts";
import type { BodyStore } from "./bodies/body-store.ts";
import type { OutsideBodies } from "./bodies/outside.ts";
import type { Queue } from "./queue.ts";
import type { Database } from "./tables.ts";

export interface Store {
  readonly db: Database;
  /** Connections of their own, for single statements that are asked for while a lock of a person is held. */
  readonly aside: Database;
  readonly queue: Queue;
  readonly keyRing: KeyRing;
  /** Where bodies outside of the database are. */
  readonly bodies: BodyStore;
  /** Puts bodies of rows there; absent where they stay in their rows. */
  readonly outside?: OutsideBodies;
}
