/** The frame of every screen: its title, its actions and its content. */
import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Gives charts and tables more room; text is read best when it is narrower. */
  readonly wide?: boolean;
}

export function Page({ title, lead, actions, children, wide = true }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Systole`;
  }, [title]);
  return (
    <Stack gap="lg" maw={wide ? 1280 : 880} mx="auto" px={{ base: "md", sm: "xl" }} py="xl">
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <div style={{ minWidth: 0 }}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="md" mt={4} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && (
          <Group gap="xs" wrap="wrap" justify="flex-end" style={{ flexShrink: 0, maxWidth: "60%" }}>
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  );
}

/** The corners of a table are those of its panel. On a phone a wide table is moved sideways. */
const flushStyle = (hasHead: boolean) => ({
  overflowX: "auto" as const,
  overflowY: "hidden" as const,
  borderRadius: hasHead ? "0 0 0.7rem 0.7rem" : "0.7rem",
});

interface PanelProps {
  readonly title?: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Tables reach the edges of their panel. */
  readonly flush?: boolean;
}

export function Panel({ title, note, actions, children, flush = false }: PanelProps) {
  return (
    <section className="panel" aria-label={title}>
      {title !== undefined && (
        <div className="panel-head">
          <Group gap="sm" align="baseline">
            <Title order={2} size="md">
              {title}
            </Title>
            {note !== undefined && (
              <Text size="sm" c="dimmed" component="span">
                {note}
              </Text>
            )}
          </Group>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </div>
      )}
      <div style={flush ? flushStyle(title !== undefined) : { padding: "1.25rem" }}>{children}</div>
    </section>
  );
}
