/** A folder of FIT files for each user, one file a record. */
import { fit } from "../export/fit/index.ts";
import { fileName } from "../export/joined.ts";
import type { DataType } from "../models/index.ts";
import { type AdminAddress, getAdmin, getAdminFile } from "./admin-client.ts";
import type { ExportFormat, ExportStep } from "./export-format.ts";

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

export const fitExport = (address: AdminAddress): ExportFormat => ({
  async *users() {
    for (let page = 0; ; page += 1) {
      const query = `page=${page}&per_page=${usersAtOnce}`;
      const { data = [], total = 0 }: UserPage = await getAdmin(address, `/users?${query}`);
      for (const { user_id: id } of data) yield id;
      if (data.length === 0 || (page + 1) * usersAtOnce >= total) return;
    }
  },
  async step(folder, user): Promise<ExportStep> {
    const { place } = folder.state;
    const records = `/users/${encodeURIComponent(user)}/records`;
    const before = place === null ? "" : `&before=${encodeURIComponent(place)}`;
    const page: RecordPage = await getAdmin(address, `${records}?limit=${recordsAtOnce}${before}`);
    const formed = (page.data ?? []).filter(({ type }) => fit.supports(type));
    let written = 0;
    for (const { type, natural_key: naturalKey } of formed) {
      const path = `${records}/${type}/${encodeURIComponent(naturalKey)}/${fit.name}`;
      const file = await getAdminFile(address, path);
      // Nothing of the record can be expressed, or it is gone.
      if (file === null) continue;
      await folder.write(`${user}/${fileName({ type, naturalKey }, fit.extension)}`, file);
      written += 1;
    }
    return { place: page.next ?? null, written };
  },
});
