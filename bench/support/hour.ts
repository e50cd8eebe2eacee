/** An hour's run as a watch records it: seven series at 1 Hz, in the shape Polar sends (POLAR-API §2). */
import { athleteOf } from "../../src/sandbox/polar/generate/athlete.ts";
import { exerciseBody } from "../../src/sandbox/polar/generate/exercise.ts";
import { DEFAULT_PROFILE, type Person } from "../../src/sandbox/polar/state.ts";

const dayMs = 24 * 3_600_000;
const hourMs = 3_600_000;

const runner: Person = {
  id: 10_000_001,
  profile: DEFAULT_PROFILE,
  consents: true,
  data: new Map(),
  files: new Map(),
};

/** Returns the body of a run `daysAgo`. Captured bodies had no route; with one it is about twice as long. */
export function hourOfRunning(daysAgo: number, { withRoute = false, lengthMs = hourMs + 480 } = {}): string {
  const now = Date.now();
  const start = Math.floor(now / dayMs - daysAgo) * dayMs + 9 * hourMs;
  const session = {
    id: `bench${daysAgo}`,
    kind: "long run" as const,
    start,
    length: lengthMs,
    intensity: 1,
  };
  const body: { route?: unknown } = exerciseBody(athleteOf(runner, 1, now), session);
  if (!withRoute) delete body.route;
  return JSON.stringify(body);
}
