import type { components } from "../../api/schema.gen.ts";
import { bytes } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { inWords } from "../../ui/words.ts";

const shownTables = 12;

export function Tables({
  database: { tables, bytes: all },
}: Pick<components["schemas"]["Health"], "database">) {
  const largest = Math.max(1, ...tables.map((table) => table.bytes));
  return (
    <Panel title="What fills the database" note={bytes(all)} flush>
      <table className="data-table" aria-label="Tables by size">
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col">
              <span className="visually-hidden">Share</span>
            </th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">Kept</th>
          </tr>
        </thead>
        <tbody>
          {tables.slice(0, shownTables).map((table) => (
            <tr key={table.table}>
              <td>{inWords(table.table)}</td>
              <td style={{ width: "35%" }}>
                <div
                  style={{
                    height: 8,
                    borderRadius: 4,
                    width: `${Math.max(1, (table.bytes / largest) * 100)}%`,
                    background: "var(--mantine-primary-color-filled)",
                  }}
                />
              </td>
              <td className="number">{bytes(table.bytes)}</td>
              <td>{table.kept_days === null ? "for ever" : `${table.kept_days} days`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
