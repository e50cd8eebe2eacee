import { z } from "zod";
import { current, single } from "../../kit/discovery.ts";
import { asSent, asSentInOrderOf, birthday, text, unused } from "../../kit/fields.ts";
import { carried, composite, ignored, type Ledger, mapped } from "../../ledger.ts";
import { resource } from "../resource.ts";

/** GET /v3/users/{user-id} (Polar's OpenAPI, user), with kebab-case keys there. */
const schema = z.looseObject({
  polar_user_id: z.union([z.int(), z.string().regex(/^\d+$/)]).nullish(),
  member_id: unused,
  registration_date: asSent,
  first_name: text,
  last_name: text,
  birthdate: birthday.nullish(),
  gender: text,
  weight: unused,
  height: unused,
  extra_info: asSentInOrderOf("index"),
});

export type PolarUser = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
  polar_user_id: mapped("athlete.provider_user_id", "exact", "as text"),
  member_id: ignored("our own id for the person, in Polar's keeping"),
  registration_date: carried(
    "when the person was registered with this client [O]: not when the account was made",
  ),
  first_name: mapped("athlete.first_name", "exact"),
  last_name: mapped("athlete.last_name", "exact"),
  birthdate: mapped("athlete.date_of_birth", "exact"),
  gender: mapped(["athlete.sex", "athlete.gender"], "converted to lower case", '"User\'s sex" [O]'),
  weight: ignored('"physical info should be used instead" [O], and is fetched'),
  height: ignored('"physical info should be used instead" [O], and is fetched'),
  extra_info: composite(carried("answers to questions a partner may ask [O]")),
};

/** The resource of the registered person. */
export const user = resource({
  name: "user",
  schema,
  ledger,
  discovery: single(true),
  envelope: "user",
  path: (key, providerUserId) =>
    key === current && /^\d{1,20}$/.test(providerUserId) ? `/v3/users/${providerUserId}` : null,
  keys: () => [current],
});
