/**
 * Failures of other programs that read Apple Health, each with its public source. Every number here is one test in this
 * folder, and `complete.test.ts` checks that none is missing and none is tested twice.
 */
import { it } from "vitest";

interface KnownFailure {
  /** An issue, pull request or discussion at github.com, or another public page. */
  readonly source: string;
  readonly failure: string;
}

const known = (source: string, failure: string): KnownFailure => ({ source, failure });

/** By number; the groups are the files of this folder. */
export const knownFailures: Readonly<Record<number, KnownFailure>> = {
  // Double counting
  1: known("the-momentum/open-wearables#291", "each sample was stored twice after a sync"),
  2: known("the-momentum/apple-health-mcp-server#22", "repeated rows of an export doubled a trend"),
  3: known("krokyze/FitKit#22", "12,500 steps of the Watch and 12,200 of the iPhone became 24,700"),
  4: known("krokyze/FitKit#66", "steps of Watch and iPhone at different times were summed or lost"),
  5: known("carp-dk/flutter-plugins#1134", "distance of Watch and iPhone was summed"),
  6: known("carp-dk/carp-health-flutter#450", "steps of a third-party band were added to the iPhone's"),
  7: known("carp-dk/flutter-plugins#440", "a band's sum of the whole day was added to single samples"),
  8: known("carp-dk/flutter-plugins#1072", "the day was not what the Health app shows with a Watch"),
  9: known("carp-dk/carp-health-flutter#474", "steps doubled, or rows that the person typed in left out"),
  10: known("CodeWithCJ/SparkyFitness#1059", "two records of one day doubled its active energy"),
  11: known("CodeWithCJ/SparkyFitness#1491", "a workout's energy was added to the day's active energy"),
  12: known("CodeWithCJ/SparkyFitness#2318", "the steps of a run were counted again as other steps"),
  13: known("CodeWithCJ/SparkyFitness#2158", "a growing day could not be corrected downwards"),
  14: known("Lybron/health-auto-export#7", "sums of bodies without a source were twice too large"),
  15: known("the-momentum/open-wearables#578", "device pointers became 73 sources, and steps were lost"),
  // Days and zones
  16: known("CodeWithCJ/SparkyFitness#488", "days were the last 24 hours, not calendar days"),
  17: known("beeminder/BeeSwift#282", "a change of the time zone moved days"),
  18: known(
    "the-momentum/open-wearables discussion 606",
    "today's zone of the phone was used for old samples",
  ),
  19: known("tryterra/terra-react#55", "a sample over midnight was cut, and a day's sum hid single samples"),
  20: known("perfood/capacitor-healthkit#42", "the UTC day was returned instead of the local day"),
  21: known("joeecarter/health-import-server#5", "times with AM and PM were refused"),
  22: known("bandapps/bandapps.github.io#12", "the plus sign of an offset was lost"),
  // Sleep
  23: known("CodeWithCJ/SparkyFitness#1379", "overlapping stages of several sources were summed"),
  24: known("CodeWithCJ/SparkyFitness#1137", "6 h 47 min of sleep in the app were 4 h 10 min on the server"),
  25: known("CodeWithCJ/SparkyFitness#514", "a nap was joined to the night"),
  26: known("the-momentum/open-wearables#938", "a nap was never marked as one"),
  27: known("the-momentum/open-wearables#290", "sleep was accepted, and no summary was made"),
  28: known("the-momentum/open-wearables#293", "sleep without stages made no summary"),
  29: known("Lybron/health-auto-export#51", "the Watch was missing from the aggregated sleep"),
  30: known("Lybron/health-auto-export#38", "inBedStart and inBedEnd were gone in a new version"),
  31: known("irvinlim/apple-health-ingester#20", "the new fields of sleep phases were ignored"),
  32: known("StanfordBDHG/SpeziHealthKit#58", "one session was made of the rows of several sources"),
  33: known("CodyBontecou/health-md#8", "sleep was too long, and fourteen hours stood were one"),
  34: known("OpenStrap/edge#225", "fragments of a third-party app replaced the Watch's stages"),
  // Files
  35: known("fedecalendino/apple-health#1", "an unclosed tag in the document type stopped the parser"),
  36: known("markwk/qs_ledger#23", "a stray < in the document type stopped the parser"),
  37: known("dogsheep/healthkit-to-sqlite#24", "the iOS 16 document type stopped the parser at line 156"),
  38: known("jameno/Simple-Apple-Health-XML-to-CSV#2", "a vertical tab and a repeated attribute stopped it"),
  39: known("simonkrenger/apple-health-to-fitbit#4", "export_cda.xml was read: junk after document element"),
  40: known("lionheart/openradar-mirror#821", "names of attributes with spaces"),
  41: known("lionheart/openradar-mirror#18828", "an empty or damaged zip file"),
  42: known("Schrotty74/HealthAtlas#13", "exports over 100 MB were refused, as zip and as XML"),
  43: known("ryanbr/noop#183", "reading a large zip file took an hour"),
  44: known("k0rventen/apple-health-grafana#23", "a large export lost records between batches"),
  45: known("k0rventen/apple-health-grafana#26", "a source that counts no steps disappeared"),
  // Workouts and values
  46: known("Lybron/health-auto-export#50", "of 36 workouts with metadata three arrived; others were Other"),
  47: known("Lybron/health-auto-export#60", "heart rate of the recovery stood in the workout's"),
  48: known("Lybron/health-auto-export#61", "the resting heart rate, written eleven hours late, was missing"),
  49: known("Lybron/health-auto-export#37", "steps had fractions"),
  50: known("CodeWithCJ/SparkyFitness#2382", "heart rate was stored as energy"),
  // Transport
  51: known("the-momentum/open_wearables_ios_sdk#20", "a 4xx for one bad record lost the whole batch"),
  52: known("the-momentum/open-wearables#1343", "the same batch came for ever, and nothing of it was kept"),
  53: known("Lybron/health-auto-export#66", "a body of 42.7 MB with 20 ECGs and translated words"),
  54: known("Lybron/health-auto-export#73", "symptoms and cycle were written in Spanish"),
  55: known("Lybron/health-auto-export#68", "notifications about the heart are unlike their documentation"),
  56: known("CodeWithCJ/SparkyFitness#59", "a Shortcut wrote numbers as texts, and the sum was wrong"),
  57: known("Apple developer forum 858461", "the first sync of 2.18 million rows took hours before any data"),
};

/** Declares the test of a failure. Its name has the number, the source, what went wrong, and what holds here. */
export function failure(number: number, holds: string, test: () => Promise<void> | void): void {
  const { source, failure: wrong } = knownFailures[number] ?? { source: "no source", failure: "not listed" };
  it(`${number}. ${source}, ${wrong}: ${holds}`, test);
}
