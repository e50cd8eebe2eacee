/** Google Cloud Storage for bodies, over its JSON API, with a service account. */
import type { ObjectApi } from "./http-objects.ts";

/** Reads, writes and deletes objects, and cannot change permissions. */
export const gcsScope = "https://www.googleapis.com/auth/devstorage.read_write";

export interface GcsPlace {
  readonly endpoint: URL;
  readonly bucket: string;
  readonly tokens: { current(): Promise<string> };
}

export function gcsApi({ endpoint, bucket, tokens }: GcsPlace): ObjectApi {
  const objects = `b/${encodeURIComponent(bucket)}/o`;
  const at = (path: string, query: Readonly<Record<string, string>> = {}): URL =>
    new URL(`${path}?${new URLSearchParams(query)}`, endpoint);
  const object = (key: string): string => `/storage/v1/${objects}/${encodeURIComponent(key)}`;
  return {
    put: (name) => ({
      method: "POST",
      url: at(`/upload/storage/v1/${objects}`, { uploadType: "media", name, fields: "name" }),
    }),
    get: (key) => ({ method: "GET", url: at(object(key), { alt: "media" }) }),
    remove: (key) => ({ method: "DELETE", url: at(object(key)) }),
    list: (prefix, from) => ({
      method: "GET",
      url: at(`/storage/v1/${objects}`, {
        prefix,
        fields: "items(name),nextPageToken",
        ...(from !== undefined && { pageToken: from }),
      }),
    }),
    readPage(text) {
      const { items = [], nextPageToken } = JSON.parse(text) as Page;
      return { keys: items.map(({ name }) => name), next: nextPageToken };
    },
    authorize: async () => ({ authorization: `Bearer ${await tokens.current()}` }),
  };
}

interface Page {
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}
