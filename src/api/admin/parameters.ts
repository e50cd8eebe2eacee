/** Parameters that the admin routes share. */
import { z } from "zod";

export const id = z.guid();
export const idParams = z.object({ id });

/** Listings go from newest to oldest; `next` of one page is `before` of the following. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: id.optional().describe("`next` of the previous page"),
});

/** Asks for one row more than wanted, which shows whether there is another page. */
export const oneMore = ({ limit, before }: z.output<typeof pageQuery>) => ({ limit: limit + 1, before });

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), next: z.string().nullable() });

export function page<Row, Shown extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
): { data: Shown[]; next: string | null } {
  const data = rows.slice(0, limit).map(show);
  return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** A list in a query, with commas between the values. */
export const listOf = <Value extends string>(values: readonly [Value, ...Value[]]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(values)).min(1));

/** Tells whether a date lies in the years that both JavaScript and PostgreSQL write with four digits. */
const isWritable = (date: Date): boolean =>
  date.getTime() >= Date.UTC(1970, 0) && date.getTime() < Date.UTC(10_000, 0);

export const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine(isWritable, "must lie between the years 1970 and 9999")
  .describe("ISO 8601 with an offset");

export const iso = (date: Date): string => date.toISOString();
export const isoOrNull = (date: Date | null): string | null => (date === null ? null : iso(date));
export const time = z.string().meta({ format: "date-time" });

/** The answer to a change that has nothing to tell. */
export const noContent = { 204: z.null().describe("Done") };
