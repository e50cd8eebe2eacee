/** Samples as they stand in statements and states: the JSON of their table. */
import type { GrowingSample } from "../../providers/kit/growing/fold.ts";
import { fewestItems, itemsOf, type Listed, tableOf } from "./table.ts";

export const samplesText = (samples: readonly GrowingSample[]): string => JSON.stringify(tableOf(samples));

export const samplesOf = (text: string): readonly GrowingSample[] =>
  itemsOf(JSON.parse(text) as Listed<GrowingSample>);

/** Whether a text is also that of the samples that are read from it: a list that is no table may become one. */
export const isSettled = (text: string, samples: readonly GrowingSample[]): boolean =>
  text.startsWith("{") || samples.length < fewestItems;
