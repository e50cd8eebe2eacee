/** The dependencies of every module that stores something. */
import type { KeyRing } from "../security/key-ring.ts";
import type { BodyStore } from "./bodies/body-store.ts";
import type { Queue } from "./queue.ts";
import type { Database } from "./tables.ts";

export interface Store {
  readonly db: Database;
  readonly queue: Queue;
  readonly keyRing: KeyRing;
  /** Where large bodies are. */
  readonly bodies: BodyStore;
}
