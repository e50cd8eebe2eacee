/** Tags that the person entered, in their present and their former form, and rest mode. */
import { z } from "zod";
import { asSent, date, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";

/** GET /v2/usercollection/enhanced_tag (Oura's OpenAPI, EnhancedTagModel). */
const enhancedSchema = z.looseObject({
  id: documentId,
  start_day: date,
  start_time: time,
  end_day: asSent,
  end_time: asSent,
  tag_type_code: text,
  custom_name: text,
  comment: text,
});
export type OuraEnhancedTag = z.output<typeof enhancedSchema>;

const enhancedLedger: Ledger = {
  id: carried("the tag's id"),
  start_day: identifying(mapped("daily.metadata.start_time", "key", "the day that has the tag")),
  start_time: mapped("daily.tag_data.tags.timestamp", "exact", "with its offset"),
  end_day: carried("date; null without a duration"),
  end_time: carried("time with offset; null without a duration"),
  tag_type_code: alsoIn(
    "daily.tag_data.tags.tag_name",
    carried("Oura's code; `custom` for the person's own; null for a text alone, which has an empty name"),
  ),
  custom_name: mapped("daily.tag_data.tags.tag_name", "exact", "the name of a `custom` tag"),
  comment: mapped("daily.tag_data.tags.notes", "exact", "empty where there is none"),
};

export const enhancedTag = declareCollection({
  name: "enhanced-tag",
  collection: "enhanced_tag",
  scope: "tag",
  schema: enhancedSchema,
  ledger: enhancedLedger,
  daysPerCall: 365,
  endsWithId: true,
  keys: ({ start_day, id }) => [`${start_day}/${id}`],
});

/** GET /v2/usercollection/tag (Oura's OpenAPI, TagModel): deprecated in favour of enhanced tags. */
const tagSchema = z.looseObject({
  id: documentId,
  day: date,
  timestamp: time,
  text,
  tags: z.array(z.string()).nullish(),
});
export type OuraTag = z.output<typeof tagSchema>;

const onlyThere = "where the day has no enhanced tags, so that nothing is counted twice";

export const tag = declareCollection({
  name: "tag",
  collection: "tag",
  scope: "tag",
  schema: tagSchema,
  ledger: {
    id: carried("the note's id"),
    day: identifying(mapped("daily.metadata.start_time", "key")),
    timestamp: mapped("daily.tag_data.tags.timestamp", "exact", onlyThere),
    text: alsoIn("daily.tag_data.tags.notes", carried("the note's text")),
    tags: composite(alsoIn("daily.tag_data.tags.tag_name", carried(`one tag for each name, ${onlyThere}`))),
  },
  daysPerCall: 365,
  endsWithId: true,
  keys: ({ day, id }) => [`${day}/${id}`],
});

/** GET /v2/usercollection/rest_mode_period (Oura's OpenAPI, PublicRestModePeriod). */
export const restMode = declareCollection({
  name: "rest-mode-period",
  collection: "rest_mode_period",
  scope: "daily",
  schema: z.looseObject({
    id: documentId,
    start_day: date,
    start_time: asSent,
    end_day: asSent,
    end_time: asSent,
    episodes: asSent,
  }),
  ledger: {
    id: carried("the period's id"),
    start_day: identifying(
      mapped("daily.metadata.start_time", "key", "carried on the day on which it began"),
    ),
    start_time: carried("time with offset"),
    end_day: carried("date; null while it lasts"),
    end_time: carried("time with offset; null while it lasts"),
    episodes: composite(carried("tags with their times")),
  },
  daysPerCall: 365,
  endsWithId: true,
  keys: ({ start_day, id }) => [`${start_day}/${id}`],
});
