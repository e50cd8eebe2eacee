/** Decodes TCX. The activities of a multi-sport session are listed among all others. */
import { decodeXml } from "./xml-file.ts";

type Fields = Readonly<Record<string, unknown>>;

/** @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again */
export function decodeTcx(resource: string, body: Buffer): unknown {
  const file = decodeXml(resource, "TrainingCenterDatabase", body);
  const database = fieldsOf(fieldsOf(file).training_center_database);
  const { activities } = database;
  if (!("multi_sport_session" in fieldsOf(activities))) return file;
  return { training_center_database: { ...database, activities: unfolded(fieldsOf(activities)) } };
}

/**
 * Unfolds a multi-sport session. It has one activity for each sport, under `FirstSport` and `NextSport`, and may have a
 * lap of its own, `Transition`, between two of them.
 */
function unfolded({ multi_sport_session, ...activities }: Fields): Fields {
  const sessions = listOf(multi_sport_session).map(fieldsOf);
  const sports = sessions.flatMap(({ first_sport, next_sport }) =>
    [...listOf(first_sport), ...listOf(next_sport)].map(fieldsOf),
  );
  const transition = sports.flatMap((sport) => listOf(sport.transition));
  return {
    ...activities,
    activity: [...listOf(activities.activity), ...sports.flatMap(({ activity }) => listOf(activity))],
    ...(transition.length > 0 && { transition }),
    multi_sport_session: sessions.map(({ first_sport: _first, next_sport: _next, ...others }) => others),
  };
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
