import type { z } from "zod";
import { integer, section, text } from "./section.ts";

/** The person's profile at the provider. Dates are ISO 8601 calendar dates. */
export const athleteSchema = section({
  first_name: text,
  last_name: text,
  sex: text,
  gender: text,
  /** Years. */
  age: integer,
  date_of_birth: text,
  email: text,
  city: text,
  state: text,
  country: text,
  bio: text,
  account_creation_date: text,
  provider_user_id: text,
});

export type Athlete = z.infer<typeof athleteSchema>;
