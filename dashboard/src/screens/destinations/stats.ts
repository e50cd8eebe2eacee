import type { components } from "../../api/schema.gen.ts";

export type Stats = components["schemas"]["DestinationStats"];

/** Deliveries are counted no further than this. */
export const mostWaiting = 10_000;
