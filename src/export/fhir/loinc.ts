/**
 * The LOINC codes that Systole uses, each with the long name that LOINC gives it. A code is added here only after its
 * meaning was read in LOINC's own text or in a published HL7 guide; a test checks the check digits.
 */
export const loincSystem = "http://loinc.org";

export const loincNames = {
  "2708-6": "Oxygen saturation in Arterial blood",
  "8302-2": "Body height",
  "8310-5": "Body temperature",
  "8462-4": "Diastolic blood pressure",
  "8480-6": "Systolic blood pressure",
  "8665-2": "Last menstrual period start date",
  "8867-4": "Heart rate",
  "8873-2": "Heart rate 24 hour maximum",
  "8883-1": "Heart rate 24 hour minimum",
  "9052-2": "Calorie intake total",
  "9279-1": "Respiratory rate",
  "29463-7": "Body weight",
  "39156-5": "Body mass index (BMI) [Ratio]",
  "40443-4": "Heart rate --resting",
  "41653-7": "Glucose [Mass/volume] in Capillary blood by Glucometer",
  "41924-2": "Heart rate 24 hour mean",
  "41950-7": "Number of steps in 24 hour Measured",
  "41953-1": "Walking distance 24 hour Calculated",
  "41979-6": "Calories burned in 24 hour Calculated",
  "41982-0": "Percentage of body fat Measured",
  "55411-3": "Exercise duration",
  "55423-8": "Number of steps in unspecified time Pedometer",
  "55424-6": "Calories burned in unspecified time Pedometer",
  "55425-3": "Heart rate unspecified time mean by Pedometer",
  "55426-1": "Heart rate unspecified time maximum by Pedometer",
  "59408-5": "Oxygen saturation in Arterial blood by Pulse oximetry",
  "73985-4": "Exercise activity",
  "77592-4": "Moderate physical activity [IPAQ]",
  "77593-2": "Vigorous physical activity [IPAQ]",
  "80404-7": "R-R interval.standard deviation (Heart rate variability)",
  "80453-4": "Food intake panel",
  "85354-9": "Blood pressure panel with all children optional",
  "91557-9": "Lean body weight",
  "93829-0": "REM sleep duration",
  "93830-8": "Light sleep duration",
  "93831-6": "Deep sleep duration",
  "93832-4": "Sleep duration",
  "94122-9": "Oxygen consumption (VO2)/Body weight [Volume Rate Content] --peak during exercise",
  "97506-0": "Glucose management indicator",
  "99504-3": "Glucose [Mass/volume] in Interstitial fluid",
  "100304-5": "Flights climbed [#] Reporting Period",
} as const;

export type LoincCode = keyof typeof loincNames;

/**
 * The vital-signs profiles of R4 by the code that asks for them. A validator applies them to every Observation with such
 * a code, named or not.
 */
const vitalSigns: Partial<Record<LoincCode, string>> = {
  "8867-4": "heartrate",
  "9279-1": "resprate",
  "2708-6": "oxygensat",
  "8310-5": "bodytemp",
  "8302-2": "bodyheight",
  "29463-7": "bodyweight",
  "39156-5": "bmi",
  "85354-9": "bp",
};

/** Returns the canonical URL of the vital-signs profile that the code asks for; undefined for other codes. */
export function vitalSignProfile(code: string): string | undefined {
  const name = vitalSigns[code as LoincCode];
  return name && `http://hl7.org/fhir/StructureDefinition/${name}`;
}
