import type { ProbeAnswer, ProbeCheck, ProbeFinding } from "../../../../provider.ts";
import type { PolarSettings } from "../../../settings.ts";
import { trainingSession } from "../../resources/training-session/training-session.ts";
import { askV4, dateIn, finding, type Polar, withV4 } from "../calls.ts";
import { formVerdict, listIn } from "../forms.ts";
import { lapsVerdict } from "../laps.ts";
import { sessionFeatures, sessionPlace, sessionsPath, shown } from "../lists.ts";
import { readingOf } from "../reading.ts";

interface Session {
  readonly startTime?: unknown;
  readonly distanceMeters?: unknown;
  readonly trainingLoadReport?: unknown;
  readonly exercises?: unknown;
}

const sessionsIn = (answer: ProbeAnswer): readonly Session[] =>
  (listIn(sessionPlace, answer)?.items ?? []).map((one) => Object(one) as Session);

const startOf = ({ startTime }: Session): string => (typeof startTime === "string" ? startTime : "");

/** Returns the newest session with a distance, which is likely to have a route; else the newest. */
function chosen(found: readonly Session[]): Session | undefined {
  const newestFirst = [...found].sort((one, other) => (startOf(one) < startOf(other) ? 1 : -1));
  return newestFirst.find(({ distanceMeters }) => Number(distanceMeters) > 0) ?? newestFirst[0];
}

const exercisesOf = ({ exercises }: Session): readonly Session[] =>
  Array.isArray(exercises) ? exercises.map((one) => Object(one) as Session) : [];

function loadPlace(session: Session): string {
  const isOnSession = session.trainingLoadReport !== undefined;
  const isOnExercise = exercisesOf(session).some((exercise) => exercise.trainingLoadReport !== undefined);
  if (isOnSession && isOnExercise) return "on the session and on the exercise";
  return isOnSession ? "on the session" : isOnExercise ? "on the exercise" : "nowhere";
}

async function withFeatures(polar: Polar, session: Session): Promise<ProbeFinding> {
  const date = startOf(session).slice(0, 10);
  const path = sessionsPath({ from: date, to: nextDay(date) }, sessionFeatures);
  const answer = await askV4(polar, path);
  const asked = sessionsIn(answer).find((one) => startOf(one) === startOf(session));
  return finding(shown(path), answer, {
    verdict: asked === undefined ? formVerdict(sessionPlace, answer) : lapsVerdict(exercisesOf(asked)),
    facts: {
      bytes: answer.body.length,
      "sessions of that day": sessionsIn(answer).length,
      trainingLoadReport: asked === undefined ? null : loadPlace(asked),
      "leaves that are not read": readingOf(trainingSession, date, answer).unreadable.join(", ") || null,
    },
  });
}

const nextDay = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** Section 9, 5: a session with all its features. */
export const session: ProbeCheck<PolarSettings> = {
  name: "session",
  title: "A session with all features",
  run: withV4(async (polar) => {
    const path = sessionsPath({ from: dateIn(polar, -89), to: dateIn(polar, 1) });
    const answer = await askV4(polar, path);
    const newest = chosen(sessionsIn(answer));
    const listed = finding(shown(path), answer, {
      verdict: newest
        ? formVerdict(sessionPlace, answer)
        : "No session in 90 days: record one, and run this again.",
      facts: { sessions: sessionsIn(answer).length },
    });
    const isDated = newest !== undefined && /^\d{4}-\d{2}-\d{2}/.test(startOf(newest));
    return isDated ? [listed, await withFeatures(polar, newest)] : [listed];
  }),
};
