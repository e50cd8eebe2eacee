/** Text to be copied: a value, or a whole snippet. */
import { ActionIcon, Code, CopyButton, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

function Copy({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={copied ? "Copied" : label}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

export function CopyValue({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <Group gap={4} wrap="nowrap" maw="100%" style={{ minWidth: 0 }}>
      <Code className="truncate" title={value} style={{ minWidth: 0 }}>
        {value}
      </Code>
      <Copy value={value} label={`Copy ${label}`} />
    </Group>
  );
}

export function Snippet({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <div style={{ position: "relative" }}>
      {/* A scrolled region is reached by the keyboard only when it can be focused. */}
      <section className="snippet" aria-label={label} tabIndex={0} style={{ whiteSpace: "pre" }}>
        <code>{code}</code>
      </section>
      <div className="snippet-copy">
        <Copy value={code} label={`Copy ${label}`} />
      </div>
    </div>
  );
}

/** A secret that is shown this once. */
export function ShownOnce({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div>
      <Text size="sm" mb={6}>
        This is shown once. Keep it somewhere safe before you close this.
      </Text>
      <Snippet code={value} label={label} />
    </div>
  );
}
