/** The person's profile: of it, FHIR gets the date of birth, and only where the environment allows it. */
import { type FhirTable, omitted, used } from "../table.ts";

const identity = omitted("the Patient has an identifier alone; who the person is stays with the developer");

export const athleteTable: FhirTable = {
  category: "exam",
  momentOf: "start",
  lists: {},
  fields: {
    first_name: identity,
    last_name: identity,
    sex: identity,
    gender: identity,
    age: omitted("an age without the day on which it was true"),
    date_of_birth: used("Patient.birthDate, where the environment allows it"),
    email: identity,
    city: identity,
    state: identity,
    country: identity,
    bio: identity,
    account_creation_date: omitted("says when the account was made, nothing about the person"),
    provider_user_id: identity,
  },
};
