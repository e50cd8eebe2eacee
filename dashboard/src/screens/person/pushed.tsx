/** What a person's own clients push, in each format, and whether they have fallen silent. */
import type { paths } from "../../api/schema.gen.ts";
import { counted } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Status } from "../../ui/status.tsx";
import { When } from "../../ui/time.tsx";

type Sync = paths["/admin/v1/users/{id}/sync"]["get"]["responses"][200]["content"]["application/json"];
type Pushes = NonNullable<Sync["pushed"]>;

export function Pushed({ pushed }: { readonly pushed: Pushes }) {
  const { silent, expected_until: until, formats } = pushed;
  return (
    <Panel
      title="Pushed by the person’s own apps"
      note={<Status tone={silent ? "warn" : "good"}>{silent ? "Silent" : "As usual"}</Status>}
      flush
    >
      {silent && (
        <p style={{ padding: "0 var(--mantine-spacing-md)" }}>
          {formats.length === 0
            ? "Nothing has come since this person connected: the app is probably not set up yet."
            : "Nothing has come for longer than usual: the phone may be off, or the app was removed or may no longer run."}
        </p>
      )}
      {formats.length === 0 ? (
        <Empty title="Nothing was pushed yet">
          {until === null ? null : (
            <>
              It counts as silent from <When at={until} />.
            </>
          )}
        </Empty>
      ) : (
        <Table formats={formats} />
      )}
    </Panel>
  );
}

const hours = (seconds: number): string =>
  seconds < 172_800
    ? counted(Math.max(1, Math.round(seconds / 3_600)), "hour")
    : counted(Math.round(seconds / 86_400), "day");

function Table({ formats }: Pick<Pushes, "formats">) {
  return (
    <table className="data-table" aria-label="Pushed by format">
      <thead>
        <tr>
          <th scope="col">Format</th>
          <th scope="col">Last</th>
          <th scope="col">Times</th>
          <th scope="col">Usually every</th>
        </tr>
      </thead>
      <tbody>
        {formats.map(({ format, last_pushed_at: last, pushes, usual_gap_seconds: gap }) => (
          <tr key={format}>
            <td>{format}</td>
            <td>
              <When at={last} />
            </td>
            <td>{pushes}</td>
            <td>{gap === null ? "not known yet" : hours(gap)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
