import { Random, wandering } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import { effortAt, secondsOf } from "./effort.ts";
import type { Session } from "./plan.ts";

/** The movement of a session, second by second. */
export interface Movement {
  /** km/h */
  speed: number[];
  /** metres from the start, in tenths as the watch counts */
  distance: number[];
  /** metres above the sea */
  altitude: number[];
}

const RUN = { slowest: 5.6, fastest: 13.6, lag: 5 };
const RIDE = { slowest: 9, fastest: 42, lag: 9 };
const WALK = { slowest: 3.6, fastest: 10.5, lag: 4 };

const PACE: Partial<Record<Session["kind"], typeof RUN>> = {
  "easy run": RUN,
  "interval run": RUN,
  "long run": RUN,
  ride: RIDE,
  walk: WALK,
};

/** Returns the movement; undefined indoors, where there is no GPS. */
export function movementOf(athlete: Athlete, session: Session): Movement | undefined {
  const pace = PACE[session.kind];
  if (!pace) return undefined;
  const speed = speeds(athlete, session, pace);
  let metres = 0;
  const distance = speed.map((kmh) => {
    metres += kmh / 3.6;
    return Math.round(metres * 10) / 10;
  });
  return { speed, distance, altitude: altitudes(athlete, session, distance) };
}

function speeds(athlete: Athlete, session: Session, pace: typeof RUN): number[] {
  const random = new Random(athlete.seed, session.start, "speed");
  const noise = wandering(random, 0.08, pace.fastest * 0.012);
  const fitness = athlete.vo2max / 48;
  let speed = 0;
  return Array.from({ length: secondsOf(session) }, (_, second) => {
    // In the first seconds the watch has not found its satellites yet.
    const wanted = pace.slowest + (pace.fastest - pace.slowest) * effortAt(session, second) * fitness;
    speed += ((second < 4 ? 0 : wanted) - speed) / pace.lag;
    return Math.max(0, second < 4 ? 0 : speed + noise());
  });
}

/** Returns altitudes over rolling ground. The barometer's value stays the same for some seconds before it changes. */
function altitudes(athlete: Athlete, session: Session, distance: readonly number[]): number[] {
  const random = new Random(athlete.seed, session.start, "altitude");
  const base = random.between(12, 70);
  const [wave, phase] = [random.between(700, 1600), random.between(0, 6)];
  let held = base;
  let until = 0;
  return distance.map((metres, second) => {
    if (second >= until) {
      held = base + 9 * Math.sin(metres / wave + phase) + 4 * Math.sin(metres / 310) + random.normal() * 0.3;
      until = second + random.int(3, 8);
    }
    return held;
  });
}

export interface RoutePoint {
  latitude: number;
  longitude: number;
  time: string;
  satellites: number;
  fix: number;
}

const METRES_PER_DEGREE = 111_320;

/** Returns a loop from home: the heading turns once round over the whole route, with bends. */
export function routeOf(athlete: Athlete, session: Session, movement: Movement): RoutePoint[] {
  const random = new Random(athlete.seed, session.start, "route");
  const total = movement.distance.at(-1) ?? 1;
  const heading = random.between(0, 2 * Math.PI);
  const bends = random.between(280, 620);
  let { latitude, longitude } = athlete.home;
  return movement.speed.map((kmh, second) => {
    const metres = movement.distance[second] ?? 0;
    const angle = heading + (2 * Math.PI * metres) / total + 0.7 * Math.sin(metres / bends);
    latitude += ((kmh / 3.6) * Math.cos(angle)) / METRES_PER_DEGREE;
    longitude += ((kmh / 3.6) * Math.sin(angle)) / (METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180));
    return {
      latitude: Number(latitude.toFixed(8)),
      longitude: Number(longitude.toFixed(8)),
      time: `PT${second}.026S`,
      satellites: random.int(8, 14),
      fix: 1,
    };
  });
}
