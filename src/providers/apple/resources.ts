/**
 * The resources of Apple Health: the bodies that are pushed, one for each format, and the parts that grow out of them
 * (`healthkit/growing-parts.ts`).
 */
import { declareGrowing } from "../kit/growing/declare-growing.ts";
import type { Part, Resource } from "../provider.ts";
import { healthExport } from "./formats/export/resource.ts";
import { healthAutoExport } from "./formats/health-auto-export/resource.ts";
import { healthKit } from "./formats/healthkit/resource.ts";
import { openWearables } from "./formats/open-wearables/resource.ts";
import { connectionSettings } from "./formats/settings/settings.ts";
import type { Growing, GrowingResource } from "./healthkit/growing-parts.ts";
import {
  activitySummariesLedger,
  beatsLedger,
  characteristicsLedger,
  correlationsLedger,
  ecgsLedger,
  journalLedger,
  settingsLedger,
  workoutsLedger,
} from "./ledgers/readings.ts";
import { samplesLedger } from "./ledgers/samples.ts";
import { samplesCompanions } from "./normalize/companions.ts";

const dayOfKey = ({ key }: Pick<Part, "key">): string => key.slice(0, 10);

const samples = declareGrowing<Growing<"samples">>({
  name: "samples",
  ledger: samplesLedger,
  companions: samplesCompanions,
  timeOf: dayOfKey,
});

const grown = <Name extends GrowingResource>(name: Name, ledger: Resource["ledger"]): Resource =>
  declareGrowing<Growing<Name>>({ name, ledger, timeOf: dayOfKey }) as Resource;

const timeless = <Name extends GrowingResource>(name: Name, ledger: Resource["ledger"]): Resource =>
  declareGrowing<Growing<Name>>({ name, ledger }) as Resource;

export const resources: readonly Resource[] = [
  healthAutoExport,
  healthExport,
  healthKit,
  openWearables,
  connectionSettings,
  samples as Resource,
  grown("workouts", workoutsLedger),
  grown("ecgs", ecgsLedger),
  grown("beats", beatsLedger),
  grown("correlations", correlationsLedger),
  grown("journal", journalLedger),
  grown("activity-summaries", activitySummariesLedger),
  timeless("characteristics", characteristicsLedger),
  declareGrowing<Growing<"settings">>({
    name: "settings",
    ledger: settingsLedger,
    concernsAll: true,
  }) as Resource,
];
