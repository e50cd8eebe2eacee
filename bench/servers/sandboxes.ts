/** The sandboxes of all providers, on one port. */
import { startSandboxes } from "../../src/sandbox/start.ts";
import { serve } from "../support/serve.ts";

const { url, variables, close } = await startSandboxes({ port: 0 });
serve({ url, variables, close });
