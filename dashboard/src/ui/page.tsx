/** The frame of every screen: its title, its actions and its content. */
import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./page.module.css";
import { Scrolled } from "./scrolled.tsx";
import { Loaded, type LoadedProps } from "./states.tsx";
import { Together } from "./together.tsx";

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
      <div className={classes.head}>
        <div className={classes.title}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="md" mt={4} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      <Together>{children}</Together>
    </Stack>
  );
}

interface LoadedPageProps<Data> extends Omit<LoadedProps<Data>, "loading"> {
  /** Stands there until the data has a title of its own. */
  readonly title: string;
}

/** A screen about one thing that is asked for. */
export function LoadedPage<Data>({ title, ...loaded }: LoadedPageProps<Data>) {
  if (loaded.asked.data !== undefined) return loaded.children(loaded.asked.data);
  return (
    <Page title={title}>
      <Loaded {...loaded} />
    </Page>
  );
}

/** The corners of a table are those of its panel. */
const flushStyle = (hasHead: boolean) => ({ borderRadius: hasHead ? "0 0 0.7rem 0.7rem" : "0.7rem" });

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
      {flush ? (
        <Scrolled label={title} style={flushStyle(title !== undefined)}>
          {children}
        </Scrolled>
      ) : (
        <div className="panel-body">{children}</div>
      )}
    </section>
  );
}
