/** The person, in the neutral body. */
import { z } from "zod";
import type { Characteristics } from "../../healthkit/readings.ts";
import { maybe, text } from "../fields.ts";

const characteristics = z.object({
  sex: maybe(z.enum(["female", "male", "other"])),
  birth_date: maybe(z.iso.date()),
  blood_type: text,
  skin_type: text,
});

/** Returns null where nothing is told. */
export function readCharacteristics(told: unknown): Characteristics | null {
  const { data } = characteristics.safeParse(told);
  if (data === undefined) return null;
  return {
    sex: data.sex ?? null,
    birthDate: data.birth_date ?? null,
    bloodType: data.blood_type || null,
    skinType: data.skin_type || null,
  };
}
