import { carried, composite, ignored, type Ledger, mapped } from "../../ledger.ts";

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
export const userLedger: Ledger = {
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
