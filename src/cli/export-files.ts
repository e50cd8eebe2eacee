/** A folder of files for each user, one file a record: FIT, or the JSON that REST answers. */
import { fit } from "../export/fit/index.ts";
import { fileName } from "../export/joined.ts";
import type { DataType } from "../models/index.ts";
import { type AdminAddress, getAdmin, getAdminFile } from "./admin-client.ts";
import type { Days, ExportFormat, ExportStep } from "./export-format.ts";

/** The file of one record: where the server has it, and what it is called. */
export interface FileForm {
  readonly extension: string;
  supports(type: DataType): boolean;
  /** The last part of the path at which the server has the record; empty: the record itself. */
  readonly path: string;
  /** Returns the file out of the server's answer. */
  fileOf(answer: Buffer): Buffer;
}

export const fitFiles: FileForm = {
  extension: fit.extension,
  supports: fit.supports,
  path: `/${fit.name}`,
  fileOf: (answer) => answer,
};

export const jsonFiles: FileForm = {
  extension: ".json",
  supports: () => true,
  path: "",
  fileOf(answer) {
    const { record } = JSON.parse(answer.toString("utf8")) as { readonly record: unknown };
    return Buffer.from(`${JSON.stringify(record)}\n`);
  },
};

interface RecordPage {
  readonly data?: readonly { readonly type: DataType; readonly natural_key: string }[];
  readonly next?: string | null;
}

interface UserPage {
  readonly data?: readonly { readonly user_id: string }[];
  readonly total?: number;
}

const recordsAtOnce = 50;
const usersAtOnce = 500;

export const fileExport = (address: AdminAddress, form: FileForm, { since, until }: Days): ExportFormat => ({
  async *users() {
    for (let page = 0; ; page += 1) {
      const query = `page=${page}&per_page=${usersAtOnce}`;
      const { data = [], total = 0 }: UserPage = await getAdmin(address, `/users?${query}`);
      for (const { user_id: id } of data) yield id;
      if (data.length === 0 || (page + 1) * usersAtOnce >= total) return;
    }
  },
  async step(folder, user): Promise<ExportStep> {
    const records = `/users/${encodeURIComponent(user)}/records`;
    const query = new URLSearchParams({
      limit: String(recordsAtOnce),
      ...(since !== null && { start_date: since }),
      ...(until !== null && { end_date: until }),
      ...(folder.state.place !== null && { before: folder.state.place }),
    });
    const page: RecordPage = await getAdmin(address, `${records}?${query}`);
    const formed = (page.data ?? []).filter(({ type }) => form.supports(type));
    let written = 0;
    for (const { type, natural_key: naturalKey } of formed) {
      const path = `${records}/${type}/${encodeURIComponent(naturalKey)}${form.path}`;
      const answer = await getAdminFile(address, path);
      // Nothing of the record can be expressed, or it is gone.
      if (answer === null) continue;
      await folder.write(`${user}/${fileName({ type, naturalKey }, form.extension)}`, form.fileOf(answer));
      written += 1;
    }
    return { place: page.next ?? null, written };
  },
});
