/** The real connect page with the draft, on a phone's width. It is made by the server, and nothing of it can be used. */
import { Group, NativeSelect, SegmentedControl, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type SyntheticEvent, useState } from "react";
import type { Environment } from "../../shell/environment.ts";
import { pageLanguages } from "../../ui/page-languages.ts";
import { type BrandDraft, isColor } from "./brand-draft.ts";
import classes from "./brand-preview.module.css";

interface BrandPreviewProps {
  readonly environment: Environment;
  readonly draft: BrandDraft;
}

export function BrandPreview({ environment, draft }: BrandPreviewProps) {
  const [page, setPage] = useState("share");
  const [scheme, setScheme] = useState("light");
  const [language, setLanguage] = useState("en");
  const [height, setHeight] = useState(640);
  const [settled] = useDebouncedValue(draft, 250);
  const query = new URLSearchParams({ page, scheme, language, ...shown(settled) });
  const fit = ({ currentTarget: { contentDocument: shownPage } }: SyntheticEvent<HTMLIFrameElement>) => {
    if (shownPage === null) return;
    if (typeof settled.logo === "object") fillLogo(shownPage, settled.logo.new);
    setHeight(shownPage.documentElement.scrollHeight);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Page"
          data={[
            { value: "share", label: "What is shared" },
            { value: "choose", label: "The list" },
          ]}
          value={page}
          onChange={setPage}
        />
        <SegmentedControl
          size="xs"
          aria-label="Colours of the preview"
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
          value={scheme}
          onChange={setScheme}
        />
        <NativeSelect
          size="xs"
          aria-label="Language of the preview"
          data={pageLanguages}
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        />
      </Group>
      <div className={classes.phone}>
        <iframe
          title="Preview of the connect page"
          src={`/admin/v1/environments/${encodeURIComponent(environment.dev_id)}/connect-page?${query}`}
          sandbox="allow-same-origin"
          inert
          onLoad={fit}
          style={{ height }}
        />
      </div>
    </Stack>
  );
}

/** Returns the draft as a query. A new picture is filled in here, since it is too large for an address. */
function shown({ name, color, logo }: BrandDraft): Record<string, string> {
  return {
    ...(name.trim() !== "" && { name: name.trim() }),
    ...(isColor(color) && { color }),
    logo: typeof logo === "object" ? "draft" : logo,
  };
}

function fillLogo(page: Document, url: string): void {
  for (const image of page.querySelectorAll<HTMLImageElement>('img[src="data:,"]')) image.src = url;
}
