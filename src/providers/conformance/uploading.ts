/** Cases about uploads: bodies that a person's own client pushes. */
import assert from "node:assert/strict";
import { SystoleError } from "../../errors.ts";
import { type FileUpload, isFile, isKeptWhole, type UploadContent, type UploadFormat } from "../provider.ts";
import {
  assertNamed,
  assertSplits,
  type ProviderCase,
  type ProviderSubject,
  type UploadExamples,
} from "./subject.ts";

const garbage = ["", "not a body", "null", "42", "\0\0\0\0"];

interface Judged {
  readonly name: string;
  readonly format: Exclude<UploadFormat, FileUpload>;
  readonly examples: UploadExamples;
}

function formatsOf({ provider, uploads = {} }: ProviderSubject): Judged[] {
  return Object.entries(provider.uploads ?? {}).flatMap(([name, format]) => {
    const examples = uploads[name];
    return examples === undefined || isFile(format) ? [] : [{ name, format, examples }];
  });
}

function read({ format, examples: { headers = {} } }: Judged, body: string | Buffer): UploadContent {
  if (!isKeptWhole(format)) return format.read({ headers, body: Buffer.from(body) });
  const { resource, keyOf } = format;
  return { bodies: [{ resource, key: keyOf(headers), body: JSON.parse(body.toString()) }], deleted: [] };
}

export const uploadingCases = {
  "reads what is uploaded into parts of its resources": (subject) => {
    for (const judged of formatsOf(subject)) {
      assert.match(judged.name, /^[a-z0-9-]+$/);
      for (const given of judged.examples.good) {
        const { bodies, deleted } = read(judged, given);
        assert(bodies.length + deleted.length > 0, "it says something");
        assert(given.length * 4 <= judged.format.maxBytes, "room to spare");
        for (const part of deleted) assertNamed(subject.provider, part);
        for (const body of bodies) assertSplits(subject.provider, body);
      }
    }
  },
  "refuses an upload it cannot read": (subject) => {
    // A body that is kept whole is accepted whatever it contains.
    for (const judged of formatsOf(subject).filter(({ format }) => !isKeptWhole(format))) {
      for (const body of [...garbage, ...judged.examples.invalid]) {
        assert.throws(
          () => read(judged, body),
          (error) => error instanceof SystoleError && error.code === "UPLOAD_BODY_INVALID",
          `${JSON.stringify(body)} → UPLOAD_BODY_INVALID`,
        );
      }
    }
  },
} as const satisfies Record<string, ProviderCase>;
