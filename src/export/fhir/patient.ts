/** The person: an identifier, and a date of birth where the record has one and the environment allows it. */
import { type LeaveOut, valueAt } from "./context.ts";
import { uuidOf } from "./identity.ts";
import type { Systems } from "./systems.ts";
import { isCalendarDate } from "./time.ts";
import type { Patient } from "./types.ts";
import { isWritableText, reasons } from "./value.ts";

export const patientId = (userId: string): string => uuidOf("Patient", userId);

interface Person {
  readonly userId: string;
  /** The developer's own id for the person. */
  readonly referenceId: string | null;
}

export function patientOf({ userId, referenceId }: Person, systems: Systems): Patient {
  const own = { system: systems.person, value: userId };
  const developers = { system: systems.reference, value: referenceId ?? "" };
  return { resourceType: "Patient", identifier: isWritableText(referenceId) ? [own, developers] : [own] };
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
