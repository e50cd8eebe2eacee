/** The person: an identifier, and a date of birth where the record has one and the environment allows it. */
import { type LeaveOut, valueAt } from "./context.ts";
import { uuidOf } from "./identity.ts";
import type { Systems } from "./systems.ts";
import { isCalendarDate } from "./time.ts";
import type { Patient } from "./types.ts";
import { reasons } from "./value.ts";

export const patientId = (userId: string): string => uuidOf("Patient", userId);

export function patientOf(userId: string, systems: Systems): Patient {
  return { resourceType: "Patient", identifier: [{ system: systems.person, value: userId }] };
}

/** Returns the Patient of a profile. */
export function patientOfAthlete(
  patient: Patient,
  data: unknown,
  withBirthDate: boolean,
  leaveOut: LeaveOut,
): Patient {
  const given = valueAt(data, "date_of_birth");
  if (given === undefined || given === null || !withBirthDate) return patient;
  if (isCalendarDate(given)) return { ...patient, birthDate: given };
  leaveOut("date_of_birth", reasons.notADate);
  return patient;
}
