/** The person's profile, and their rings. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { current, single } from "../../kit/discovery.ts";
import { asSent, integer, text } from "../../kit/fields.ts";
import { carried, type Ledger, mapped, numeric } from "../../ledger.ts";
import { declareListed, documentId, get } from "../collection.ts";
import { ouraApi } from "../names.ts";

/** GET /v2/usercollection/personal_info (Oura's OpenAPI, PersonalInfoResponse). Fields without their scope are null. */
const schema = z.looseObject({
  id: documentId,
  age: integer,
  weight: asSent,
  height: asSent,
  biological_sex: text,
  email: text,
});
export type OuraPerson = z.output<typeof schema>;

const untimed = "it comes without a time and without a history, so it makes no Body";

const ledger: Ledger = {
  id: mapped("athlete.provider_user_id", "exact"),
  age: mapped("athlete.age", "exact", "years"),
  weight: numeric(carried(`kg; ${untimed}`)),
  height: numeric(carried(`metres; ${untimed}`)),
  biological_sex: mapped("athlete.sex", "exact", "in small letters"),
  email: mapped("athlete.email", "exact"),
};

export const personalInfo = declareResource({
  name: "personal-info",
  api: ouraApi,
  schema,
  ledger,
  discovery: single(false),
  request: (key) => (key === current ? get("/v2/usercollection/personal_info") : null),
  keys: () => [current],
});

/** GET /v2/usercollection/ring_configuration (Oura's OpenAPI, PublicRingConfiguration). */
export const ring = declareListed({
  name: "ring-configuration",
  collection: "ring_configuration",
  scope: "daily",
  schema: z.looseObject({
    id: documentId,
    color: asSent,
    design: asSent,
    firmware_version: asSent,
    hardware_type: asSent,
    set_up_at: asSent,
    size: asSent,
  }),
  ledger: {
    id: carried("the ring's id"),
    color: carried("the ring's colour"),
    design: carried("the ring's design"),
    firmware_version: carried("version of the firmware"),
    hardware_type: carried("generation, such as gen3"),
    set_up_at: carried("UTC; 1970 for an old ring means not known", [
      "1970-01-01T00:00:00+00:00",
      "1970-01-01T00:00:00Z",
    ]),
    size: numeric(carried("US ring size")),
  },
  endsWithId: true,
  keys: ({ id }) => [`ring/${id}`],
});
