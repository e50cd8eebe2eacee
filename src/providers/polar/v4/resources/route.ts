/** A saved route for navigation, which is no recorded track. It is only fetched where something names it. */
import { z } from "zod";
import { declareResource } from "../../../kit/declare-resource.ts";
import { ignored } from "../../../ledger.ts";
import { dynamic } from "../../names.ts";
import { dataPath } from "../api.ts";

const saved = "a way to go, not one that was gone: kept raw";

/** An id as it may stand in a path; a date is none. */
const id = /^(?!\d{4}-\d{2}-\d{2}$)[A-Za-z0-9-]{1,64}$/;

export const route = declareResource({
  name: "v4-route",
  api: dynamic,
  scope: "routes:read",
  schema: z.looseObject({}),
  ledger: {
    identifier: ignored(saved),
    name: ignored(saved),
    description: ignored(saved),
    route: ignored(saved),
    wayPoints: ignored(saved),
  },
  discovery: null,
  request: (key) => (id.test(key) ? { method: "GET", path: `${dataPath}/routes/${key}` } : null),
  keys: (_item, asked) => [asked],
});
