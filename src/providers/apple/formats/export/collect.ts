/** Takes the elements of an export, turns each into an item, and spools it by day. */
import { isCategory } from "../../healthkit/category-cases.ts";
import type { Characteristics } from "../../healthkit/readings.ts";
import type { Sample } from "../../healthkit/sample.ts";
import type { Workout } from "../../healthkit/workout.ts";
import { beatsOf } from "./elements/beats.ts";
import { Sources } from "./elements/device.ts";
import { characteristicsOf, correlationOf, exportDateOf, summaryOf } from "./elements/person.ts";
import { lacksValue, sampleOf } from "./elements/records.ts";
import { workoutOf } from "./elements/workouts.ts";
import { dayOf } from "./spool/day-of.ts";
import type { Routes } from "./spool/routes.ts";
import { RowWriter, type SpooledItem } from "./spool/rows.ts";
import type { Spool } from "./spool/spool.ts";
import { Unread } from "./unread.ts";
import { type Attributes, childrenNamed, type XmlElement } from "./xml/element.ts";

export class Collector {
  readonly #spool: Spool;
  readonly #routes: Routes;
  readonly #rows = new RowWriter();
  readonly #sources = new Sources();
  readonly unread = new Unread();
  records = 0;
  exportedMs: number | null = null;
  me: Characteristics | null = null;

  constructor(spool: Spool, routes: Routes) {
    this.#spool = spool;
    this.#routes = routes;
  }

  get tables() {
    return this.#rows.tables;
  }

  take(element: XmlElement): void {
    this.unread.look(element);
    switch (element.name) {
      case "Record":
        this.#takeRecord(element);
        break;
      case "Workout":
        this.#takeWorkout(element);
        break;
      case "Correlation":
        this.#takeCorrelation(element);
        break;
      case "ActivitySummary":
        this.#takeSummary(element);
        break;
      case "ExportDate":
        this.exportedMs = exportDateOf(element);
        break;
      case "Me":
        this.me = characteristicsOf(element);
        break;
    }
  }

  /** Spools an item that stands in no element of the export, such as an ECG. */
  add(spooled: SpooledItem, atMs: number): void {
    this.records += 1;
    this.#spool.add(dayOf(atMs), JSON.stringify(spooled));
  }

  #takeRecord(element: XmlElement): Sample | null {
    this.records += 1;
    const sample = sampleOf(element, this.#sources);
    if (sample === null) {
      this.unread.count("records", element.attributes.type ?? "none");
      return null;
    }
    if (lacksValue(element, sample)) this.unread.count("values", writtenValue(element.attributes));
    this.#spool.add(dayOf(sample.startMs), this.#rows.sample(sample));
    if (element.children.length > 0) this.#takeBeats(element, sample);
    return sample;
  }

  #takeBeats(element: XmlElement, sample: Sample): void {
    const beats = beatsOf(element, sample);
    if (beats !== null) this.add({ kind: "beats", item: beats }, beats.startMs);
  }

  #takeWorkout(element: XmlElement): void {
    // The effort that a person gave a workout stands inside it.
    for (const record of childrenNamed(element, "Record")) this.#takeRecord(record);
    const workout = workoutOf(element, this.#sources);
    if (workout === null) {
      this.unread.count("records", "Workout");
      return;
    }
    const item = this.#withRoute(element, workout);
    this.add({ kind: "workouts", item }, item.startMs);
  }

  #withRoute(element: XmlElement, workout: Workout): Workout {
    const isElsewhere = workout.route.length === 0 && childrenNamed(element, "WorkoutRoute").length > 0;
    return isElsewhere ? { ...workout, route: this.#routes.take(workout) } : workout;
  }

  #takeCorrelation(element: XmlElement): void {
    // Members stand at the top level as well; the fold takes each once.
    const members = childrenNamed(element, "Record").flatMap((record) => this.#takeRecord(record) ?? []);
    const correlation = correlationOf(element, members, this.#sources);
    if (correlation === null) this.unread.count("records", element.attributes.type ?? "Correlation");
    else this.add({ kind: "correlations", item: correlation }, correlation.startMs);
  }

  #takeSummary(element: XmlElement): void {
    const summary = summaryOf(element);
    if (summary === null) this.unread.count("records", "ActivitySummary");
    else this.add({ kind: "activity-summaries", item: summary }, Date.parse(summary.date));
  }
}

/** Returns the type with its unit or, of a category, with the name of its case. */
const writtenValue = ({ type = "", unit, value }: Attributes): string =>
  `${type} ${unit ?? (isCategory(type) ? value : "")}`;
