import { Parsing } from "../../src/ingest/parsing/parsing.ts";
import type { Store } from "../../src/store/store.ts";
import { createLogger } from "../../src/telemetry/log.ts";

/** Reads bodies like a worker process, without a log. */
export const parsingOf = (store: Pick<Store, "aside">): Parsing =>
  new Parsing({ store, log: createLogger("silent") });
