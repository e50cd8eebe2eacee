/** A table of the names of Terra's numbers for kinds of workouts, filled when it is made. */
import { ActivityType } from "../../../../models/index.ts";
import type { Table } from "../tables.ts";

export const activityTypes: Table = {
  name: "systole_activity_types",
  columns: [
    { name: "type", type: "integer" },
    { name: "name", type: "text" },
    { name: "revision", type: "integer" },
  ],
  key: ["type"],
  newestBy: "revision",
  contents: Object.entries(ActivityType).map(([name, type]) => [type, name, 1]),
};
