/** The Polar of the benchmarks. */
import { startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { serve } from "../support/serve.ts";

serve(await startSandbox({ port: 0 }));
