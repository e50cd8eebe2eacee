/** FHIR Bulk Data: one file a resource type, one resource a line. */
import { type ApiClient, getApi, RefusedError } from "./admin-client.ts";
import type { Days, ExportFormat, ExportStep } from "./export-format.ts";

interface Resource {
  readonly resourceType: string;
  readonly id: string;
}

interface Searchset {
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: Resource }[];
}

const usersAtOnce = 500;
/** A page is in memory as text and as objects; series of samples make its resources large. */
const resourcesAtOnce = 250;

export const fhirExport = (client: ApiClient, { since, until }: Days): ExportFormat => ({
  async *users() {
    for (let next: string | null = `/fhir/Patient?_count=${usersAtOnce}`; next !== null; ) {
      const page: Searchset = await readPage(client, next);
      for (const { resource } of page.entry ?? []) yield resource.id;
      next = nextOf(page);
    }
  },
  async step(folder, user): Promise<ExportStep> {
    const query = new URLSearchParams({
      _count: String(resourcesAtOnce),
      ...(since !== null && { start: since }),
      ...(until !== null && { end: until }),
    });
    const begin = `/fhir/Patient/${encodeURIComponent(user)}/$everything?${query}`;
    const page = await readPage(client, folder.state.place ?? begin);
    const resources = (page.entry ?? []).map(({ resource }) => resource);
    for (const [type, lines] of Map.groupBy(resources, ({ resourceType }) => resourceType))
      await folder.append(
        `${fileType(type)}.ndjson`,
        lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
      );
    return { place: nextOf(page), written: resources.length };
  },
});

const readPage = async (client: ApiClient, path: string): Promise<Searchset> =>
  (await getApi(client, path)) as Searchset;

/** A file's name is never what another server made up. @throws RefusedError */
function fileType(type: string): string {
  if (/^[A-Z][A-Za-z]{0,60}$/.test(type)) return type;
  throw new RefusedError("The server answered with what is no FHIR resource");
}

/** Returns the path of the next page: the address is ours, whatever host the link names. */
function nextOf({ link = [] }: Searchset): string | null {
  const next = link.find(({ relation }) => relation === "next");
  if (next === undefined) return null;
  const { pathname, search } = new URL(next.url);
  return `${pathname.slice(pathname.indexOf("/fhir/"))}${search}`;
}
