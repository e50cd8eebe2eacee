/** How far the reading of a sent file has come, in the words of the page. */
import type { ErrorCode } from "../../errors.ts";
import type { Upload } from "../../store/uploads.ts";
import type { Words } from "./words/en.ts";

type FileProblem = keyof Words["upload"]["file"]["problems"];

/** Codes that a person can do something about; every other one is told as unexpected. */
const problems: Readonly<Partial<Record<ErrorCode, FileProblem>>> = {
  UPLOAD_FILE_MISSING: "missing",
  UPLOAD_TOO_LARGE: "tooLarge",
  UPLOADS_UNFINISHED: "unfinished",
  UPLOAD_FILE_NOT_RECOGNISED: "notRecognised",
  UPLOAD_ZIP_NESTED: "notRecognised",
  UPLOAD_ZIP_PATH_UNSAFE: "notRecognised",
  UPLOAD_ZIP_TOO_MANY_FILES: "notRecognised",
  UPLOAD_ZIP_TOO_LARGE: "tooLarge",
  UPLOAD_ZIP_ENCRYPTED: "encrypted",
  UPLOAD_FILE_CUT: "damaged",
  UPLOAD_FILE_MALFORMED: "damaged",
  UPLOAD_ZIP_DAMAGED: "damaged",
  UPLOAD_ZIP_CHECKSUM_WRONG: "damaged",
};

/** The sentence for a code, with the code for the app's support. */
export function problemOfFile({ upload: { file }, code: label }: Words, code: string): string {
  const known = Object.hasOwn(problems, code) ? problems[code as ErrorCode] : undefined;
  return `${file.problems[known ?? "other"]} ${label}: ${code}`;
}

const stateSentences = ({ upload: { file } }: Words) => ({
  receiving: file.sending,
  queued: file.sent,
  reading: file.sent,
  storing: file.storing,
  done: file.done,
});

/** The sentence for the state of an upload. */
export const sentenceOf = (words: Words, { state, code }: Pick<Upload, "state" | "code">): string =>
  state === "failed" ? problemOfFile(words, code ?? "") : stateSentences(words)[state];

/** All sentences by state and by code, for the script; `failed` is the beginning of the one for any other code. */
export const allSentences = (words: Words): Readonly<Record<string, string>> => ({
  ...stateSentences(words),
  failed: problemOfFile(words, ""),
  ...Object.fromEntries(Object.keys(problems).map((code) => [code, problemOfFile(words, code)])),
});
