/** Every screen of the dashboard, with its address in the environment and its title. */
import { settled } from "../../support/sync.ts";
import type { System } from "../../support/system.ts";
import { waitFor } from "../../support/wait.ts";
import { listOf } from "./desk.ts";
import { activity, body, day, night } from "./record-bodies.ts";
import { seedRecord } from "./seeded.ts";

export interface Screen {
  readonly name: string;
  readonly at: string;
  readonly title: RegExp;
}

/** Connects a person with a record of each kind, and returns the screens. */
export async function everyScreen(system: System): Promise<readonly Screen[]> {
  const { userId } = await system.connect("tenzing");
  // The provider's list of workouts, which is empty, would take away the one that is written here.
  await settled(system);
  const seed = (type: string, record: ReturnType<typeof body>) => seedRecord(system, userId, type, record);
  const run = await seedRecord(system, userId, "activity", activity("2026-11-02", { hasRoute: true }));
  const slept = await seedRecord(system, userId, "sleep", night("2026-11-02"));
  const walked = await seedRecord(system, userId, "daily", day("2026-11-02"));
  const weighed = await seed("body", body("2026-11-02", 0));
  const [destination] = await listOf<{ id: string }>(system, "/destinations");
  const [event] = await waitFor("the event of the connection", async () => {
    const events = await listOf<{ id: string }>(system, "/events");
    return events.length > 0 && events;
  });
  const person = `people/${userId}`;
  return [
    { name: "start", at: "start", title: /^Start$/ },
    { name: "people", at: "people", title: /^People$/ },
    { name: "person", at: person, title: /^tenzing$/ },
    ...["Records", "Body", "Fetching", "History"].map((tab) => ({
      name: `person, ${tab}`,
      at: `${person}?tab=${tab}`,
      title: /^tenzing$/,
    })),
    { name: "activity", at: run, title: /^Activity, / },
    { name: "night", at: slept, title: /^Night, / },
    { name: "day", at: walked, title: /^Day, / },
    { name: "body", at: weighed, title: /^Body, / },
    { name: "events", at: "events", title: /^Events$/ },
    { name: "event", at: `events/${event?.id}`, title: /^Event: / },
    { name: "deliveries", at: "deliveries", title: /^Deliveries$/ },
    { name: "sources", at: "sources", title: /^Sources$/ },
    { name: "source", at: "sources/polar", title: /^Polar$/ },
    { name: "destinations", at: "destinations", title: /^Destinations$/ },
    { name: "new destination", at: "destinations/new", title: /^Add destination$/ },
    { name: "new destination, its form", at: "destinations/new?kind=s3", title: /^Add / },
    { name: "destination", at: `destinations/${destination?.id}`, title: /^127/ },
    { name: "previews", at: "previews", title: /^Payload previews$/ },
    { name: "keys", at: "keys", title: /^Environments/ },
    { name: "team", at: "audit", title: /^Team/ },
    { name: "health", at: "health", title: /^Health$/ },
    { name: "nothing", at: "nothing", title: /^There is no such screen$/ },
  ];
}
