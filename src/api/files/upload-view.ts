/** An uploaded file as its sender sees it. */
import { type ErrorCode, errorCatalogue } from "../../errors.ts";
import type { Upload } from "../../store/uploads.ts";

const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));

export const uploadView = (upload: Upload) => ({
  upload_id: upload.upload_id,
  state: upload.state,
  file_bytes: numberOrNull(upload.file_bytes),
  read_bytes: Number(upload.read_bytes),
  unpacked_bytes: numberOrNull(upload.unpacked_bytes),
  records_read: Number(upload.records),
  stored_from: upload.stored_from,
  records_changed: upload.changed_records,
  unread: upload.unread ?? null,
  code: upload.code,
  message: messageOf(upload.code),
  details: upload.details ?? null,
  created_at: upload.created_at,
  updated_at: upload.updated_at,
  finished_at: upload.finished_at,
});

function messageOf(code: string | null): string | null {
  return code !== null && Object.hasOwn(errorCatalogue, code)
    ? errorCatalogue[code as ErrorCode].message
    : null;
}
