/** Providers that break the rules for calls, uploads and records. */
import { SystoleError } from "../../../errors.ts";
import { ignored, mapped } from "../../ledger.ts";
import type { Api, Normalizer, ProviderRequest, UploadFormat } from "../../provider.ts";
import type { askingCases } from "../asking.ts";
import { announcing } from "../fakes/announcing.fixture.ts";
import { apiWith, dayDiscovery, dayNormalizer, dayResource, normalizeDay } from "../fakes/days.fixture.ts";
import { dayIndex, keyed, listedDay } from "../fakes/keyed.fixture.ts";
import { dayPages, pushing } from "../fakes/pushing.fixture.ts";
import { querying } from "../fakes/querying.fixture.ts";
import { dayUpload, uploading } from "../fakes/uploading.fixture.ts";
import type { recordingCases } from "../recording.ts";
import type { uploadingCases } from "../uploading.ts";
import { type Broken, but, resource } from "./but.fixture.ts";

const normalizer = (change: Partial<Normalizer>) =>
  but(announcing, { normalizers: [{ ...dayNormalizer, ...change }] });

/** The correct API, except that it changes each request before it sends it. */
const sending = (changed: (request: ProviderRequest) => ProviderRequest): Api<unknown> => ({
  ...apiWith(),
  send: (access, request, ...rest) => apiWith().send(access, changed(request), ...rest),
});

export const brokenAsking: Broken<typeof askingCases> = {
  "knows the path of everything it is to fetch": [
    resource({ discovery: { ...dayDiscovery, index: { resource: "night", key: "2025-05-11" } } }),
    resource({ discovery: { ...dayDiscovery, key: () => "everything" } }),
    resource({ request: (key) => ({ method: "GET", path: `/days/${key} of mine` }) }),
    but(pushing, {
      resources: [
        dayResource,
        {
          ...dayResource,
          name: "night",
          after: { resource: "day", refs: () => [{ resource: "night", key: "x" }] },
        },
      ],
    }),
  ],
  "sends the method, path, body and media type that a resource asks for": [
    but(querying, { apis: { "fake-v1": sending(({ accept: _accept, ...request }) => request) } }),
    but(querying, { apis: { "fake-v1": sending(({ method, path }) => ({ method, path })) } }),
    but(querying, { apis: { "fake-v1": sending((request) => ({ ...request, method: "GET" })) } }),
    but(querying, { apis: { "fake-v1": sending((request) => ({ ...request, path: "/days" })) } }),
  ],
  "lets no strange key into a path": [
    resource({ request: (key) => ({ method: "GET", path: `/days/${key}` }) }),
  ],
  "asks its own address, with the person's token in no path": [
    but(announcing, {
      apis: {
        "fake-v1": {
          ...apiWith(),
          send: (access, request, ...rest) =>
            apiWith().send({ ...access, settings: { url: "https://elsewhere.example" } }, request, ...rest),
        },
      },
    }),
    but(announcing, {
      apis: {
        "fake-v1": {
          ...apiWith(),
          send: (access, request, grant, signal) =>
            apiWith().send(access, { ...request, path: `/?token=${grant.accessToken}` }, grant, signal),
        },
      },
    }),
    but(announcing, {
      apis: {
        "fake-v1": {
          ...apiWith(),
          send: (access, request, grant, signal) =>
            apiWith().send(access, request, { ...grant, accessToken: "" }, signal),
        },
      },
    }),
  ],
  "says what a refusal means": [
    but(announcing, {
      apis: { "fake-v1": apiWith({ verdict: () => ({ code: "PROVIDER_REFUSED", retry: "never" }) }) },
    }),
  ],
  "throws what its answers say in its own way, errors inside a success among them": [
    but(pushing, { apis: { "fake-v1": apiWith() } }),
  ],
  "asks for each page once, and ends with the last": [
    but(pushing, { resources: [dayResource, { ...dayPages, nextPage: () => null }] }),
    but(pushing, { resources: [dayResource, { ...dayPages, nextPage: (request) => request }] }),
    but(pushing, {
      resources: [
        dayResource,
        {
          ...dayPages,
          parts: () => [{ resource: "days", key: "2025-05-11", value: {} }],
        },
      ],
    }),
  ],
  "describes a thing as the list of such things does": [
    but(keyed, { resources: [{ ...listedDay, fingerprint: () => "the same" }, dayIndex] }),
    but(keyed, { resources: [dayResource, dayIndex] }),
  ],
};

const upload = (change: Partial<UploadFormat>) =>
  but(uploading, { uploads: { days: { ...dayUpload, ...change } } });

export const brokenUploading: Broken<typeof uploadingCases> = {
  "reads what is uploaded into parts of its resources": [
    upload({ maxBytes: 13 }),
    upload({ read: () => ({ bodies: [], deleted: [] }) }),
    upload({ read: () => ({ bodies: [{ resource: "day", key: "x", body: {} }], deleted: [] }) }),
    upload({ read: () => ({ bodies: [], deleted: [{ resource: "month", key: "2025-05" }] }) }),
  ],
  "refuses an upload it cannot read": [
    upload({ read: () => ({ bodies: [], deleted: [] }) }),
    upload({
      read: () => {
        throw new SystoleError("NOTIFICATION_BODY_INVALID", {});
      },
    }),
  ],
};

const changing: Normalizer["normalize"] = (parts) => {
  const value = parts[0]?.value as { list: unknown[] } | undefined;
  value?.list.push(1);
  return normalizeDay(parts);
};
const clocked: Normalizer["normalize"] = (parts) => {
  const made = normalizeDay(parts);
  return made && { ...made, year: new Date().getFullYear() };
};

/** Sets a `summary_id` that is the day, and therefore the same for everybody. */
const withDayAsId: Normalizer["normalize"] = (parts) => {
  const made = normalizeDay(parts);
  return made && { ...made, metadata: { ...made.metadata, summary_id: made.metadata.start_time } };
};

export const brokenRecording: Broken<typeof recordingCases> = {
  "splits its bodies into parts of declared resources": [
    resource({ parts: (key, value) => [{ resource: "month", key, value }] }),
  ],
  "knows what becomes of every leaf of its bodies": [
    resource({
      ledger: { day: mapped("daily.metadata.start_time", "key"), list: ignored("it is always empty") },
    }),
  ],
  "refuses a body of another shape and says where": [
    resource({ parts: (key, value) => [{ resource: "day", key, value }] }),
  ],
  "makes each of its data types, and no other": [but(announcing, { dataTypes: ["daily", "sleep"] })],
  "counts a part among the parts of every record it affects": [normalizer({ partsOf: () => [] })],
  "names the resources that its records need": [
    normalizer({ needs: [] }),
    normalizer({ needs: ["day", "month"] }),
  ],
  "makes whole records that Terra's models accept": [
    normalizer({ normalize: (parts) => ({ metadata: normalizeDay(parts)?.metadata }) }),
  ],
  "makes records of the natural key it promised": [
    normalizer({
      affects: () => [{ type: "daily", naturalKey: "2025-05-10" }],
      partsOf: () => [{ resource: "day", key: "2025-05-11" }],
    }),
  ],
  "lets two people with the same bodies never share an id": [normalizer({ normalize: withDayAsId })],
  "calls no date an id of its own": [normalizer({ hasOwnIds: true })],
  "makes the same bytes of the same parts, at any time": [normalizer({ normalize: clocked })],
  "changes nothing it is given": [normalizer({ normalize: changing })],
  "makes a valid record or none when a part is missing": [
    normalizer({ normalize: (parts) => normalizeDay(parts) ?? { metadata: null } }),
  ],
};
