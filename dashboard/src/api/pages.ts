/** Lists that are read page by page: `next` of one page is `before` of the following. The data are all rows so far. */
import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

interface PageOf<Row> {
  readonly data: readonly Row[];
  readonly next: string | null;
}

interface Before {
  readonly before?: string;
}

interface Asked<Row> {
  readonly key: QueryKey;
  readonly ask: (before: Before) => Promise<PageOf<Row>>;
  readonly everyMs: number;
}

export const usePages = <Row>({ key, ask, everyMs }: Asked<Row>) =>
  useInfiniteQuery({
    queryKey: ["pages", ...key],
    queryFn: ({ pageParam }) => ask(pageParam === null ? {} : { before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
    refetchInterval: everyMs,
  });
