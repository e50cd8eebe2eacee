/** The benchmarks' sandbox of Polar. */
import { startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { serve } from "../support/serve.ts";

serve(await startSandbox({ port: 0 }));
