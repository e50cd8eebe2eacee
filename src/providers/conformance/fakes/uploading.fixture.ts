/**
 * Two correct providers: one to which people's clients upload, and one whose webhook is made by hand and shows a token
 * of ours.
 */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { header } from "../../kit/failure.ts";
import {
  defineProvider,
  type ManualSubscription,
  type Provider,
  type Resource,
  type UploadFormat,
} from "../../provider.ts";
import type { ProviderSubject } from "../cases.ts";
import { announcementExamples, announcements, announcing, readJson } from "./announcing.fixture.ts";
import { dayBodies, dayNormalizer, dayResource, type Settings } from "./days.fixture.ts";

const upload = z.object({ days: z.array(z.looseObject({ day: z.string() })), deleted: z.array(z.string()) });

export const dayUpload: UploadFormat = {
  maxBytes: 4_096,
  read({ body }) {
    const read = upload.safeParse(readJson(body));
    if (!read.success) throw new SystoleError("UPLOAD_BODY_INVALID", {});
    return {
      bodies: read.data.days.map((day) => ({ resource: "day", key: day.day, body: day })),
      deleted: read.data.deleted.map((key) => ({ resource: "day", key })),
    };
  },
};

const { api: _, request: __, ...pushedDay } = dayResource;
export const uploadedDay: Resource = { ...pushedDay, discovery: null };

export const uploading: ProviderSubject = {
  provider: defineProvider({
    name: "FAKE",
    slug: "fake",
    displayName: "Fake",
    dataTypes: ["daily"],
    settings: z.object({}),
    connecting: { kind: "upload" },
    uploads: { days: dayUpload },
    apis: {},
    resources: [uploadedDay],
    normalizers: [dayNormalizer],
    mapperVersion: 1,
  }) as Provider,
  providerUserId: "1",
  environment: {},
  bodies: dayBodies,
  uploads: {
    days: {
      good: [JSON.stringify({ days: dayBodies.map(({ body }) => body), deleted: ["2025-05-10"] })],
      invalid: ['{"days":1,"deleted":[]}'],
    },
  },
};

export const byHand: ManualSubscription<unknown> = {
  kind: "manual",
  steps: (url) => [`Enter ${url}.`],
  check: async () => "missing",
};

const sameText = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** A provider that shows the client's secret and signs nothing. */
export const shownToken: ProviderSubject = {
  ...announcing,
  provider: {
    ...announcing.provider,
    subscription: byHand,
    notifications: {
      ...announcements,
      verify: ({ headers }, { settings }) =>
        sameText(header(headers, "authorization") ?? "", `Bearer ${(settings as Settings).secret}`),
    },
  },
  notifications: {
    ...announcementExamples,
    signing: {
      by: "client",
      coversBody: false,
      coversTime: false,
      headers: () => ({ authorization: "Bearer client-secret" }),
    },
  },
};
