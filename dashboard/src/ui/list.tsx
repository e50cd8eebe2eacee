/** A long list: only the rows in view are drawn, and the next page is asked for before its place is reached. */
import { Button, Group, Loader, Text } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { Empty } from "./states.tsx";

export interface Column<Row> {
  readonly name: string;
  /** CSS width; columns without one share what is left. */
  readonly width?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface ListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen: (row: Row) => void;
  readonly pages?: Pages | undefined;
}

interface NothingProps {
  readonly pages: Pages;
  /** Shown once everything has been looked through. */
  readonly children: ReactNode;
}

/** A page may be empty and have a next one: then nothing is there only of what has been looked through. */
export function Nothing({ pages, children }: NothingProps) {
  if (!pages.hasNextPage) return children;
  return (
    <Empty
      title="None among the newest"
      action={
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          Look through older ones
        </Button>
      }
    >
      Some thousand of the newest were looked through for this filter. A range of days makes it quicker.
    </Empty>
  );
}

/** The pages of an infinite query. */
export interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

const rowHeight = 45;
const overscan = 12;

export function List<Row>({ label, rows, columns, keyOf, onOpen, pages }: ListProps<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: frame.current?.offsetTop ?? 0,
  });
  const shown = virtual.getVirtualItems();
  const start = (shown[0]?.start ?? 0) - virtual.options.scrollMargin;
  const end = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) + virtual.options.scrollMargin;
  useNextPage(shown.at(-1)?.index, rows.length, pages);
  return (
    <div ref={frame}>
      <table
        className="data-table"
        aria-label={label}
        aria-rowcount={pages?.hasNextPage ? -1 : rows.length + 1}
        style={{ tableLayout: "fixed", minWidth: 640 }}
      >
        <colgroup>
          {columns.map(({ name, width }) => (
            <col key={name} style={width === undefined ? {} : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ name, isNumber = false }) => (
              <th key={name} scope="col" className={isNumber ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {start > 0 && <Spacer height={start} columns={columns.length} />}
          {shown.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return <Row key={keyOf(row)} row={row} index={index} columns={columns} onOpen={onOpen} />;
          })}
          {end > 0 && <Spacer height={end} columns={columns.length} />}
        </tbody>
      </table>
      <Foot pages={pages} />
    </div>
  );
}

interface RowProps<Item> {
  readonly row: Item;
  readonly index: number;
  readonly columns: readonly Column<Item>[];
  readonly onOpen: (row: Item) => void;
}

/** The first cell of a row that opens something holds a link: the keyboard needs no more. */
function Row<Item>({ row, index, columns, onOpen }: RowProps<Item>) {
  return (
    <tr
      aria-rowindex={index + 2}
      className="clickable"
      onClick={() => onOpen(row)}
      style={{ height: rowHeight }}
    >
      {columns.map(({ name, isNumber = false, cell }) => (
        <td key={name} className={isNumber ? "number truncate" : "truncate"}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

const Spacer = ({ height, columns }: { readonly height: number; readonly columns: number }) => (
  <tr aria-hidden style={{ height }}>
    <td colSpan={columns} style={{ padding: 0, border: 0 }} />
  </tr>
);

function useNextPage(lastShown: number | undefined, length: number, pages: Pages | undefined): void {
  useEffect(() => {
    if (pages === undefined || lastShown === undefined) return;
    if (pages.hasNextPage && !pages.isFetchingNextPage && lastShown >= length - overscan)
      pages.fetchNextPage();
  }, [lastShown, length, pages]);
}

function Foot({ pages }: { readonly pages: Pages | undefined }) {
  if (pages === undefined || !pages.hasNextPage) return null;
  return (
    <Group justify="center" p="sm">
      {pages.isFetchingNextPage ? (
        <Group gap="xs" role="status">
          <Loader size="xs" />
          <Text size="sm" c="dimmed">
            Loading more …
          </Text>
        </Group>
      ) : (
        <Button variant="subtle" size="xs" onClick={() => pages.fetchNextPage()}>
          Load more
        </Button>
      )}
    </Group>
  );
}
