/** The floor of one kind of destination, in its own process like Systole; runs a round on request. */
import type { OpenFloor } from "../floors/floor.ts";
import { newBody } from "../support/emission.ts";
import { serve } from "../support/serve.ts";

const { KIND, SETTINGS = "{}", PER_ROUND } = process.env;
const { open } = (await import(`../floors/${KIND}.ts`)) as { open: OpenFloor<object> };
const floor = await open(JSON.parse(SETTINGS));
let carried = 0;

/** Returns events per second. */
async function carry(): Promise<number> {
  const bodies = Array.from({ length: Number(PER_ROUND) }, () => Buffer.from(newBody()));
  const began = performance.now();
  for (const body of bodies) await floor.carry(body, carried++);
  return bodies.length / ((performance.now() - began) / 1_000);
}

serve({ url: "", close: () => floor.close(), answers: { carry } });
