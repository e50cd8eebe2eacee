/** How far the heap of this process grows before V8 collects it as a whole. */
import { setFlagsFromString } from "node:v8";

/** In percent of what is in use. */
const growth = 50;

/**
 * Has V8 collect the heap, and those of its threads, when it has grown by half. By itself V8 waits until it is up to four
 * times as large (docs/adr/0088). The flag is not among those that `NODE_OPTIONS` may have.
 */
export const limitHeapGrowth = (): void => setFlagsFromString(`--heap-growing-percent=${growth}`);
