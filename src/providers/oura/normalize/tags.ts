import { formatTimestamp, type Tag } from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { instantMs, parseTime } from "../../kit/iso-time.ts";
import { valuesFrom } from "../../kit/parts.ts";
import type { Part } from "../../provider.ts";
import { enhancedTag, type OuraEnhancedTag, type OuraTag, tag } from "../resources/tags.ts";

const written = (time: string): string => {
  const { localMs, offsetMinutes } = parseTime(time);
  return formatTimestamp(localMs, offsetMinutes);
};

const nameOf = ({ tag_type_code: code, custom_name: own }: OuraEnhancedTag): string =>
  (code === "custom" ? (own ?? code) : code) ?? "";

const fromEnhanced = (given: OuraEnhancedTag): Tag => ({
  timestamp: written(given.start_time),
  tag_name: nameOf(given),
  notes: given.comment ?? "",
});

const fromNote = (given: OuraTag): Tag[] => {
  const names = given.tags?.length ? given.tags : [""];
  return names.map((tag_name) => ({
    timestamp: written(given.timestamp),
    tag_name,
    notes: given.text ?? "",
  }));
};

/**
 * Returns the tags of a day, in the order of time. Notes of the former kind count where the day has no other tags: Oura
 * serves what people entered before in both forms.
 */
export function tagsOf(parts: readonly Part[]): Tag[] {
  const present = valuesFrom(parts, enhancedTag).map(fromEnhanced);
  const tags = present.length > 0 ? present : valuesFrom(parts, tag).flatMap(fromNote);
  return [...inOrder(tags, ({ timestamp }) => instantMs(parseTime(timestamp)))];
}
