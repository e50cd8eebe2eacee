/** The page of somebody whose data is pushed: what to do for each way in, as the provider declares it. */
import type { ErrorCode } from "../../../errors.ts";
import {
  inLanguage,
  type Provider,
  type UploadAccess,
  type UploadGuide,
} from "../../../providers/provider.ts";
import { uploadAddresses } from "../../../providers/upload-addresses.ts";
import type { Upload } from "../../../store/uploads.ts";
import { type Html, html } from "../../html.ts";
import type { Page } from "../document.ts";
import type { Look } from "../look.ts";
import { qrCode } from "../qr-code.ts";
import { allSentences, problemOfFile, sentenceOf } from "../sent-file.ts";
import { endOf } from "../share.ts";
import { uploadScript } from "../upload-script.ts";
import type { Words } from "../words/en.ts";
import { brandRow } from "./parts.ts";

export interface UploadReady {
  readonly provider: Provider;
  readonly publicUrl: string;
  readonly token: string;
  /** The path of this page; what its forms and its script ask for is below it. */
  readonly path: string;
  /** The developer's address for what went well; null when they gave none. */
  readonly goOn: string | null;
  readonly hasArrived: boolean;
  /** The time zone that the person sent just now; null when they sent none. */
  readonly zone: { readonly zone: string; readonly isSaved: boolean } | null;
  /** A file that was sent. */
  readonly sent: SentFile | null;
  /** A file that was not taken. */
  readonly refused: { readonly format: string; readonly code: ErrorCode } | null;
}

type SentFile = Pick<Upload, "upload_id" | "format" | "state" | "code">;

export function uploadPage(ready: UploadReady, look: Look): Page {
  const { provider, goOn } = ready;
  const { words, app } = look;
  const { upload } = words;
  return {
    title: upload.title(provider.displayName),
    script: uploadScript,
    isLive: true,
    leadsTo: [],
    body: html`${brandRow(look)}<div class="sign"></div>
<h1>${upload.title(provider.displayName)}</h1>
<p>${upload.lead}</p>
${statusOf(ready, look)}${waysOf(ready, look)}${zoneOf(ready, look)}${goOn === null ? "" : html`<p><a class="button" href="${goOn}">${upload.goOn(app)}</a></p>\n`}<div class="facts">
<h2>${words.share.endTitle}</h2>
<p>${endOf(provider, words, app)}</p>
</div>
`,
  };
}

/** Whether the first data has come: renewed by the script, or without scripts by a frame that loads itself again. */
function statusOf({ path, hasArrived }: UploadReady, { words: { upload } }: Look): Html {
  if (hasArrived) return html`<p role="status" class="came">${upload.arrived}</p>\n`;
  return html`<p role="status" class="live" data-check="${path}/first-data" data-arrived="${upload.arrived}">${upload.waiting}</p>
<noscript><iframe src="${path}/first-data/frame" title="${upload.waiting}"></iframe></noscript>
`;
}

/** The page in that frame. */
export const firstDataPage = ({ hasArrived }: { readonly hasArrived: boolean }, { words }: Look): Page => {
  const text = hasArrived ? words.upload.arrived : words.upload.waiting;
  return {
    title: text,
    reload: { afterSeconds: hasArrived ? null : 10 },
    body: html`<p role="status" class="${hasArrived ? "came" : "live"}">${text}</p>\n`,
  };
};

function waysOf(ready: UploadReady, look: Look): Html[] {
  const { provider, publicUrl, token } = ready;
  const header = ["Authorization", `Bearer ${token}`] as const;
  const ways = Object.entries(uploadAddresses(provider, publicUrl)).map(([format, url]) => ({
    format,
    guide: provider.uploads?.[format]?.guide,
    access: { url, token, header },
  }));
  const guided = ways.flatMap(({ format, guide, access }) =>
    guide === undefined ? [] : [wayOf(ready, { format, guide, access }, look)],
  );
  // A provider for developers only has its addresses shown instead.
  return guided.length > 0 ? guided : ways.map(({ format, access }) => rawWayOf(format, access, look));
}

interface Way {
  readonly format: string;
  readonly guide: UploadGuide;
  readonly access: UploadAccess;
}

function wayOf(ready: UploadReady, { format, guide, access }: Way, look: Look): Html {
  const { words, language } = look;
  const steps = guide.steps.map((step) => html`<li>${inLanguage(step, language)}</li>\n`);
  const links = (guide.links?.(access) ?? []).map(({ label, url }) => {
    const said = inLanguage(label, language);
    return html`<p><a class="button plain" href="${url}">${said}</a></p>
${qrCode(url, words.upload.code(said))}`;
  });
  return html`<section>
<h2>${inLanguage(guide.title, language)}</h2>
<ol>
${steps}</ol>
${links.length > 0 ? html`<p class="soft"><small>${words.upload.scan}</small></p>\n` : ""}${links}${guide.isEntered ? enteredOf(access, look) : ""}${guide.file === undefined ? "" : fileOf(ready, { format, file: guide.file, access }, look)}</section>
`;
}

const enteredOf = ({ url, header: [name, value] }: UploadAccess, { words: { upload } }: Look): Html =>
  html`<h3>${upload.address}</h3>
<pre><code>${url}</code></pre>
<h3>${upload.header}</h3>
<pre><code>${name}: ${value}</code></pre>
`;

const rawWayOf = (format: string, access: UploadAccess, look: Look): Html =>
  html`<section>
<h2>${look.words.upload.format(format)}</h2>
${enteredOf(access, look)}</section>
`;

interface FileWay {
  readonly format: string;
  readonly file: NonNullable<UploadGuide["file"]>;
  readonly access: UploadAccess;
}

/** The script sends the file in pieces and shows how it is read; without it the form sends it to a route of its own. */
function fileOf(ready: UploadReady, { format, file, access }: FileWay, { words }: Look): Html {
  const { label, send, sending, failed } = words.upload.file;
  const sent = ready.sent?.format === format ? ready.sent : null;
  const following = sent === null ? "" : html` data-following="${access.url}/${sent.upload_id}"`;
  return html`<form method="post" enctype="multipart/form-data" action="${ready.path}/files/${format}" id="file-${format}" data-url="${access.url}" data-header="${access.header[1]}" data-sending="${sending}" data-failed="${failed}" data-said="${JSON.stringify(allSentences(words))}"${following}>
${ready.refused?.format === format ? refusedOf(ready.refused.code, words) : ""}<label class="field">${label}<input type="file" name="file" accept="${file.accept}" required></label>
<progress max="100" value="0" aria-label="${sending}" hidden></progress>
<p role="status" class="live">${sent === null ? "" : sentenceOf(words, sent)}</p>
<button class="plain">${send}</button>
</form>
`;
}

const refusedOf = (code: ErrorCode, words: Words): Html =>
  html`<div class="alert" role="alert"><p>${problemOfFile(words, code)}</p></div>
`;

/** A text field, which the script makes a list of the browser's own zones: four hundred names weigh as much as the page. */
function zoneOf({ provider: { connecting }, path, zone: said }: UploadReady, { words }: Look): Html | "" {
  if (connecting.kind !== "upload" || connecting.zone === undefined) return "";
  const { zone } = words.upload;
  return html`<section id="zone">
<h2>${zone.title}</h2>
<p>${zone.lead}</p>
<form method="post" action="${path}/zone">
<label class="field">${zone.label}<input type="text" name="zone" value="${said?.zone ?? ""}" placeholder="Europe/Berlin" maxlength="64" required autocomplete="off" spellcheck="false"></label>
<p role="status" class="live">${said === null ? "" : said.isSaved ? zone.saved(said.zone) : zone.unknown}</p>
<button class="plain">${zone.save}</button>
</form>
</section>
`;
}
