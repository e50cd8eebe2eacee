import { describe, expect, it } from "vitest";
import { growingCharacteristics } from "../healthkit/growing-parts.ts";
import { make, settings } from "../testing/person.ts";

const me = {
  resource: "characteristics",
  key: "me",
  value: [
    growingCharacteristics({ birthDate: "1980-02-29", sex: "female", bloodType: "A+", skinType: null }),
  ],
};

describe("the person", () => {
  it("has a sex, and a birth date only where the environment wants it", () => {
    expect(make("athlete", "athlete", [me])).toMatchObject({ sex: "female", date_of_birth: null, age: null });
    const wanted = make("athlete", "athlete", [me, settings({ withBirthDate: true })]);
    expect(wanted?.date_of_birth).toBe("1980-02-29");
    expect(wanted?.provider_data?.apple).toEqual({ blood_type: "A+" });
  });

  it("is none where nothing is told", () => {
    const silent = growingCharacteristics({ birthDate: null, sex: null, bloodType: null, skinType: null });
    expect(make("athlete", "athlete", [{ ...me, value: [silent] }])).toBeNull();
  });

  it("is none without characteristics", () => {
    expect(make("athlete", "athlete", [settings({ withBirthDate: true })])).toBeNull();
  });
});
