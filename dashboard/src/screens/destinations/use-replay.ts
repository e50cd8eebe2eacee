/** Sends events to one destination again, part by part, after counting them. */
import { answered } from "../../api/answered.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useCalls } from "../../shell/environment.ts";
import { type AskPart, type Parts, useParts } from "../deliveries/parts.ts";

type Body = NonNullable<
  paths["/admin/v1/events/replay"]["post"]["requestBody"]
>["content"]["application/json"];

export interface Replay {
  readonly counting: Parts;
  readonly sending: Parts;
  count(): void;
  send(): void;
}

/** @param rangeOf is asked for the range with each part */
export function useReplay(
  rangeOf: () => Pick<Body, "since" | "until" | "destination_id" | "outcome">,
): Replay {
  const calls = useCalls();
  const counting = useParts({ isDry: true });
  const sending = useParts({ isDry: false });
  const ask: AskPart = async (options) => {
    const body = { ...rangeOf(), ...options };
    const { events: matched, ...part } = await answered(calls.POST("/admin/v1/events/replay", { body }));
    return { matched, ...part };
  };
  return {
    counting,
    sending,
    count: () => {
      sending.reset();
      void counting.run(ask);
    },
    send: () => void sending.run(ask),
  };
}
