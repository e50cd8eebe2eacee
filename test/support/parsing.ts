import { Parsing } from "../../src/ingest/parsing/parsing.ts";
import type { Store } from "../../src/store/store.ts";
import { createLogger } from "../../src/telemetry/log.ts";

/** Reads bodies as a worker process does, in silence. */
export const parsingOf = (store: Pick<Store, "db">): Parsing =>
  new Parsing({ store, log: createLogger("silent") });
