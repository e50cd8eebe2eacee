/** Azure's Blob Storage for bodies, with a shared access signature. */
import type { ObjectApi } from "./http-objects.ts";

export interface AzurePlace {
  /** The container's URL without the signature. */
  readonly container: URL;
  /** The signature, with its `?`. */
  readonly query: string;
}

const version = { "x-ms-version": "2021-12-02" };

export function azureApi({ container, query }: AzurePlace): ObjectApi {
  const blob = (key: string): URL =>
    new URL(`${container.href}/${key.split("/").map(encodeURIComponent).join("/")}${query}`);
  return {
    put: (key) => ({ method: "PUT", url: blob(key), headers: { "x-ms-blob-type": "BlockBlob" } }),
    get: (key) => ({ method: "GET", url: blob(key) }),
    remove: (key) => ({ method: "DELETE", url: blob(key) }),
    list(prefix, from) {
      const url = new URL(`${container.href}${query}`);
      const asked = {
        restype: "container",
        comp: "list",
        prefix,
        ...(from !== undefined && { marker: from }),
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return { method: "GET", url };
    },
    readPage(text) {
      const keys = [...text.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name = ""]) => plain(name));
      const next = /<NextMarker>([^<]+)<\/NextMarker>/.exec(text)?.[1];
      return { keys, next: next === undefined ? undefined : plain(next) };
    },
    authorize: async () => version,
  };
}

const plain = (xml: string): string =>
  xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
