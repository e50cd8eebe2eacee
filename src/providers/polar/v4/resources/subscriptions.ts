/** The person's paid plans at Polar. Nobody has reported a body; they are no health data, and are kept raw. */
import { z } from "zod";
import { current, single } from "../../../kit/discovery.ts";
import { unused } from "../../../kit/fields.ts";
import { ignored, type Ledger } from "../../../ledger.ts";
import { thing } from "../resource.ts";
import { listKey, withOnlyList } from "./only-list.ts";

const ledger: Ledger = { [listKey]: ignored("a plan that is paid for, no health data: kept raw") };

export const subscriptions = withOnlyList(
  thing({
    name: "v4-subscriptions",
    path: "/subscriptions",
    scope: "user_subscription:read",
    place: { known: [listKey] },
    schema: z.looseObject({ [listKey]: unused }),
    ledger,
    discovery: single(false),
    keys: () => [current],
  }),
);
