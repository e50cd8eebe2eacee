/** The users of an export, in a file of their own: the list stays as it was when the export began. */
import type { ExportFolder } from "./export-state.ts";
import { UsageError } from "./usage.ts";

const listFile = "systole-users.txt";

/**
 * Returns the user_ids: those of the list that was kept, or else those that `list` yields. The state counts users in the
 * order of the list, so an export that has begun cannot go on with another one.
 * @throws UsageError
 */
export async function exportedUsers(
  folder: ExportFolder,
  list: () => AsyncIterable<string>,
): Promise<readonly string[]> {
  const kept = await folder.read(listFile);
  const { users: whole, place } = folder.state;
  const begun = whole + (place === null ? 0 : 1);
  const listed = (kept ?? "").split("\n").filter((line) => line !== "");
  if (listed.length < begun) throw new UsageError(`${listFile} was changed or removed; choose another --out`);
  if (kept !== null) return listed;
  const ids = new Set<string>();
  for await (const id of list()) ids.add(id);
  await folder.write(listFile, Buffer.from([...ids].map((id) => `${id}\n`).join("")));
  return [...ids];
}
