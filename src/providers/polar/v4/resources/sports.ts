/** Polar's catalogue of sports: the names of the ids that sessions have (POLAR-V4 §5). */
import { z } from "zod";
import { invalidBody } from "../../../kit/body-issues.ts";
import { declareResource } from "../../../kit/declare-resource.ts";
import { current, single } from "../../../kit/discovery.ts";
import { idText, text, unused } from "../../../kit/fields.ts";
import { decodeJson } from "../../../kit/json-body.ts";
import { ignored, type Ledger, mapped } from "../../../ledger.ts";
import { dynamic } from "../../names.ts";
import { dataPath } from "../api.ts";
import { itemsOf } from "../wrapper.ts";

const name = "v4-sports";

/** An id: a number, a text, or either in an object. */
const sportId = z.preprocess(
  (id) => (typeof id === "object" && id !== null && "id" in id ? id.id : id),
  idText.nullish(),
);

const sportSchema = z.looseObject({
  id: sportId,
  identifier: z.looseObject({ id: idText.nullish() }).nullish(),
  name: text,
  localizedNames: unused,
  parentSport: unused,
});

const catalogueSchema = z.looseObject({ sports: z.array(sportSchema) });
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const type = ["activity.metadata.type", "activity.metadata.name"];

const ledger: Ledger = {
  "sports[].id": mapped(type, "key: the session's sport"),
  "sports[].identifier.id": mapped(type, "key: the session's sport"),
  "sports[].name": mapped(
    type,
    "converted; exact",
    "the same words as v3's `detailed_sport_info` (`sports.ts`)",
  ),
  "sports[].localizedNames": ignored("names in other languages"),
  "sports[].parentSport": ignored("Terra's type follows from the sport itself"),
};

const catalogue = declareResource({
  name,
  api: dynamic,
  scope: "sports:read",
  schema: catalogueSchema,
  ledger,
  keys: () => [current],
  request: (key) => (key === current ? { method: "GET", path: `${dataPath}/sports/list` } : null),
  discovery: { ...single(false), unavailable: [403] },
});

/** The list comes bare, or under `sports`; the whole of it is one part. */
export const sportCatalogue: typeof catalogue = {
  ...catalogue,
  decode: (body) => (body.length === 0 ? {} : decodeJson(name, body)),
  parts(key, body) {
    const sports = itemsOf({ list: "sports", bare: true }, body, { resource: name, key });
    // Nothing names a bare list: that it is the right one is told by its items alone.
    if (Array.isArray(body) && sports.length > 0 && !sports.some(isObject)) {
      const message = "Unknown form: a bare list of no objects";
      throw invalidBody({ resource: name, key }, "later", [{ path: [], message }]);
    }
    return catalogue.parts(key, { sports });
  },
};

export type V4Sports = z.output<typeof catalogueSchema>;
