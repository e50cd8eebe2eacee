/** Systole itself, as `npm start` runs it; its statements are counted. */

import { loadConfig } from "../../src/config.ts";
import { limitHeapGrowth } from "../../src/heap-growth.ts";
import { startSystole } from "../../src/systole.ts";
import { createLogger } from "../../src/telemetry/log.ts";
import { serve } from "../support/serve.ts";
import { statements } from "../support/statements.ts";

limitHeapGrowth();
const config = loadConfig(process.env);
const systole = await startSystole(config, createLogger(config.SYSTOLE_LOG_LEVEL), process.env);
serve({ url: systole.publicUrl, close: () => systole.close(), answers: { statements } });
