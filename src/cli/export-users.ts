/** The users of an export, in a file of their own: the list stays as it was when the export began. */
import type { ExportFolder } from "./export-state.ts";

const listFile = "systole-users.txt";

/** Returns the user_ids: those of the list that was kept, or else those that `list` yields. */
export async function exportedUsers(
  folder: ExportFolder,
  list: () => AsyncIterable<string>,
): Promise<readonly string[]> {
  const kept = await folder.read(listFile);
  if (kept !== null) return kept.split("\n").filter((line) => line !== "");
  const ids = new Set<string>();
  for await (const id of list()) ids.add(id);
  await folder.write(listFile, Buffer.from([...ids].map((id) => `${id}\n`).join("")));
  return [...ids];
}
