/** The page on which a person chooses what to connect. */
import type { Provider } from "../../../providers/provider.ts";
import { html } from "../../html.ts";
import type { Page } from "../document.ts";
import { filterScript } from "../filter-script.ts";
import type { Look } from "../look.ts";
import { badge, brandRow } from "./parts.ts";

interface Choosing {
  readonly link: string;
  readonly providers: readonly Provider[];
  /** The text of the search field. */
  readonly query: string;
}

export function choosePage({ link, providers, query }: Choosing, look: Look): Page {
  const { choose } = look.words;
  if (providers.length === 0) {
    return {
      title: choose.title,
      body: html`${brandRow(look)}<h1>${choose.title}</h1>
<p>${choose.empty(look.app)}</p>
`,
    };
  }
  const found = providers.filter((provider) => isMatch(provider, query));
  const rows = found.map(
    ({ slug, displayName }) =>
      html`<li><a href="/connect/${link}/${slug}">${badge(displayName)}<span>${displayName}</span></a></li>
`,
  );
  return {
    title: choose.title,
    script: filterScript,
    body: html`${brandRow(look)}<h1>${choose.title}</h1>
<p class="soft">${choose.lead(look.app)}</p>
<form class="find" role="search" method="get" action="/connect/${link}">
<input type="search" name="q" value="${query}" maxlength="100" aria-label="${choose.search}" placeholder="${choose.search}" autocomplete="off" spellcheck="false">
<button type="submit">${choose.find}</button>
</form>
<ul class="list">
${rows}</ul>
<p role="status" data-none${found.length > 0 ? html` hidden` : ""}>${choose.none}</p>
${query === "" ? "" : html`<p><a href="/connect/${link}">${choose.all}</a></p>\n`}`,
  };
}

/** Without regard to case and accents. */
function isMatch({ displayName }: Provider, query: string): boolean {
  return plain(displayName).includes(plain(query));
}

const plain = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
