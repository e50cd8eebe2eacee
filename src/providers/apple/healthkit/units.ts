/**
 * Units as HealthKit and its exporters write them, and their conversion. Factors are exact where the unit is defined
 * (international foot and pound, thermochemical calorie of 4.184 J); the others say their source.
 */

/** A kind of quantity. Its name ends with the unit in which this plugin keeps it. */
export type Dimension =
  | "count"
  | "per_min"
  | "m"
  | "kg"
  | "kcal"
  | "s"
  | "m_per_s"
  | "deg_c"
  | "mm_hg"
  | "mg_per_dl"
  | "ml"
  | "l_per_min"
  | "w"
  | "fraction"
  | "ml_per_kg_min"
  | "kcal_per_kg_hr"
  | "db"
  | "iu"
  | "microvolt"
  | "microsiemens";

export type Conversion = (value: number) => number;

const times =
  (factor: number): Conversion =>
  (value) =>
    value * factor;

/** Divides: the reciprocal of most divisors is not exact. */
const per =
  (divisor: number): Conversion =>
  (value) =>
    value / divisor;

const same = times(1);

/** The molar mass of glucose, 180.1558800000541 g/mol: the figure that HealthKit writes into the unit. */
const mgPerDlOfOneMmol = 18.01558800000541;

const energy = { kcal: same, Cal: same, cal: per(1_000), kJ: per(4.184), J: per(4_184) };
const length = {
  m: same,
  km: times(1_000),
  cm: per(100),
  mm: per(1_000),
  mi: times(1_609.344),
  yd: times(0.9144),
  ft: times(0.3048),
  in: times(0.0254),
};
const mass = {
  kg: same,
  g: per(1_000),
  mg: per(1_000_000),
  mcg: per(1_000_000_000),
  lb: times(0.45359237),
  st: times(6.35029318),
  oz: times(0.028349523125),
};
const time = { s: same, ms: per(1_000), min: times(60), hr: times(3_600), d: times(86_400) };
const volume = {
  mL: same,
  L: times(1_000),
  dL: times(100),
  cL: times(10),
  fl_oz_us: times(29.5735295625),
  fl_oz_imp: times(28.4130625),
  cup_us: times(236.5882365),
  cup_imp: times(284.130625),
  pt_us: times(473.176473),
  pt_imp: times(568.26125),
};

/** By dimension, the spellings after `plainUnit`. */
const conversions: Readonly<Record<Dimension, Readonly<Record<string, Conversion>>>> = {
  count: { count: same },
  per_min: {
    "count/min": same,
    "/min": same,
    bpm: same,
    "breaths/min": same,
    rpm: same,
    "count/s": times(60),
  },
  m: length,
  kg: mass,
  kcal: energy,
  s: time,
  m_per_s: { "m/s": same, "km/hr": per(3.6), "mi/hr": times(0.44704), "ft/s": times(0.3048) },
  deg_c: { degC: same, degF: (value) => ((value - 32) * 5) / 9, K: (value) => value - 273.15 },
  // 1 kPa is 7.500615 mmHg (NIST SP 811: 1 mmHg = 133.3224 Pa).
  mm_hg: { mmHg: same, kPa: per(0.1333224), cmAq: per(1.35951), Pa: per(133.3224) },
  mg_per_dl: { "mg/dL": same, "mmol/L": times(mgPerDlOfOneMmol), "g/L": times(100), "mg/L": per(10) },
  ml: volume,
  l_per_min: { "L/min": same, "L/s": times(60), "mL/min": per(1_000) },
  w: { W: same, kW: times(1_000) },
  fraction: { "%": same },
  ml_per_kg_min: { "mL/kg/min": same, "mL/min/kg": same },
  kcal_per_kg_hr: { "kcal/hr/kg": same, "kcal/kg/hr": same, MET: same },
  db: { dBASPL: same, dB: same, dBHL: same },
  iu: { IU: same },
  microvolt: { mcV: same, mV: times(1_000), V: times(1_000_000) },
  microsiemens: { mcS: same, mS: times(1_000), S: times(1_000_000) },
};

/** Other spellings of one unit, in their plain form. */
const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    h: "hr",
    hour: "hr",
    hours: "hr",
    minutes: "min",
    seconds: "s",
    "km/h": "km/hr",
    mph: "mi/hr",
    kph: "km/hr",
    "ml/kg/min": "mL/kg/min",
    "ml/min/kg": "mL/kg/min",
    ml: "mL",
    l: "L",
    lbs: "lb",
    "°C": "degC",
    "°F": "degF",
    "\u00b5V": "mcV",
    "\u00b5g": "mcg",
    "\u00b5S": "mcS",
  }),
);

/**
 * Returns the plain spelling of a unit. The molar mass in `mmol<180.1558800000541>/L` and parentheses are dropped; "·",
 * "*" and "-" between the parts of a divisor are written as "/".
 */
export function plainUnit(written: string): string {
  const text = written
    .normalize("NFC")
    .replaceAll("\u03bc", "\u00b5")
    .replace(/<[^<>]*>/g, "")
    .replace(/[\s()\u00a0\u202f]/g, "");
  const plain = text.includes("/") ? text.replace(/[\u00b7\u22c5*-]/g, "/") : text;
  return synonyms.get(plain) ?? plain;
}

/** Returns the conversion from a unit to that of a dimension; null when it is unknown, or one of another dimension. */
export function conversionOf(unit: string, dimension: Dimension): Conversion | null {
  const known = conversions[dimension];
  const plain = plainUnit(unit);
  return Object.hasOwn(known, plain) ? (known[plain] ?? null) : null;
}

/** Converts a value to the unit of a dimension; null when the unit is unknown, or is one of another dimension. */
export const convert = (value: number, unit: string, dimension: Dimension): number | null =>
  conversionOf(unit, dimension)?.(value) ?? null;
