/** An item's content as it is stored: compressed if that was chosen, with metadata that describes it. */
import { promisify } from "node:util";
import { gzip, zstdCompress } from "node:zlib";
import type { Item } from "./layout.ts";
import { sha256 } from "./names.ts";
import type { Compression, NewObject } from "./store.ts";

type Content = Pick<NewObject, "body" | "encoding"> & { readonly extension: string };

const compressors: Readonly<Record<Compression, (body: Buffer) => Promise<Content>>> = {
  none: async (body) => ({ body, encoding: null, extension: "" }),
  gzip: async (body) => ({ body: await promisify(gzip)(body), encoding: "gzip", extension: ".gz" }),
  zstd: async (body) => ({
    body: await promisify(zstdCompress)(body),
    encoding: "zstd",
    extension: ".zst",
  }),
};

/** Returns an object for each of the item's keys, all with the same content. */
export async function objectsOf(item: Item, compression: Compression): Promise<NewObject[]> {
  const plain = item.body();
  const { body, encoding, extension } = await compressors[compression](plain);
  const metadata = {
    ...item.facts,
    identity: item.identity,
    ...(item.revision !== null && { revision: String(item.revision) }),
    // The hash of the content before compression.
    sha256: sha256(plain),
  };
  const { contentType } = item;
  return item.keys.map((key) => ({
    key: `${key}${item.extension}${extension}`,
    body,
    contentType,
    encoding,
    metadata,
  }));
}
