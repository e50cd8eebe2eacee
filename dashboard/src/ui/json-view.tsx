/** JSON to read: folded below the second level where it is long, with each name and value told apart. */
import { Button, Group } from "@mantine/core";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import classes from "./json-view.module.css";

interface JsonViewProps {
  readonly value: unknown;
  readonly label: string;
  /** Says whether a value stands out, for example because it came from the one pointed at beside it. */
  readonly isMarked?: (path: string) => boolean;
  readonly toneOf?: (path: string) => string | undefined;
  /** Told of the value that the mouse is over, or that the arrow keys have come to; null when it is left. */
  readonly onPoint?: (path: string | null) => void;
  readonly maxHeight?: string;
}

const shownItems = 20;
/** A value with more items is folded at first, below the second level. */
const foldAbove = 8;

export function JsonView(props: JsonViewProps) {
  const { value, label, maxHeight = "34rem", onPoint } = props;
  const view = useRef<HTMLElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || onPoint === undefined || view.current === null) return;
    event.preventDefault();
    onPoint(pointByKey(view.current, step));
  };
  return (
    <section
      ref={view}
      className={classes.view}
      aria-label={label}
      // Scrolled by the keyboard as well.
      tabIndex={0}
      style={{ maxHeight }}
      onMouseLeave={() => onPoint?.(null)}
      onKeyDown={move}
    >
      <Node {...props} name={null} node={value} path="" depth={0} />
    </section>
  );
}

/** Goes to the value before or after the one that was pointed at, and returns its path. */
function pointByKey(view: HTMLElement, step: number): string | null {
  const lines = [...view.querySelectorAll<HTMLElement>("[data-path]")];
  const former = lines.findIndex((line) => line.dataset.pointed === "true");
  const next = lines[Math.max(0, Math.min(lines.length - 1, former + step))];
  for (const line of lines) line.dataset.pointed = String(line === next);
  next?.scrollIntoView({ block: "nearest" });
  return next?.dataset.path ?? null;
}

interface NodeProps extends Omit<JsonViewProps, "value" | "label" | "maxHeight"> {
  readonly name: string | null;
  readonly node: unknown;
  readonly path: string;
  readonly depth: number;
}

function Node(props: NodeProps) {
  const { node } = props;
  return typeof node === "object" && node !== null ? <Branch {...props} node={node} /> : <Leaf {...props} />;
}

const indentOf = (depth: number) => ({ paddingLeft: `${depth * 1.1}rem` });

function Leaf({ name, node, path, depth, isMarked, toneOf, onPoint }: NodeProps) {
  return (
    <div
      className={classes.line}
      style={indentOf(depth)}
      data-marked={isMarked?.(path)}
      data-tone={toneOf?.(path)}
      onMouseEnter={() => onPoint?.(path)}
      data-path={path}
    >
      <Name name={name} />
      <span className={classes[typeof node === "string" ? "string" : "scalar"]}>{JSON.stringify(node)}</span>
    </div>
  );
}

function Branch(props: NodeProps & { readonly node: object }) {
  const { name, node, path, depth } = props;
  const isList = Array.isArray(node);
  const entries = useMemo(() => Object.entries(node), [node]);
  const [isOpen, setOpen] = useState(depth < 2 || entries.length <= foldAbove);
  const [limit, setLimit] = useState(shownItems);
  const [opening, closing] = isList ? ["[", "]"] : ["{", "}"];
  const indent = indentOf(depth);
  if (entries.length === 0) return <Line indent={indent} name={name} text={`${opening}${closing}`} />;
  return (
    <div>
      <div className={classes.line} style={indent}>
        <button
          type="button"
          className={classes.fold}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span aria-hidden>{isOpen ? "▾" : "▸"}</span>
          <Name name={name} />
          <span className={classes.quiet}>
            {isOpen ? opening : `${opening} ${entries.length} ${isList ? "items" : "fields"} ${closing}`}
          </span>
        </button>
      </div>
      {isOpen && (
        <>
          {entries.slice(0, limit).map(([key, child]) => (
            <Node
              {...props}
              key={key}
              name={isList ? null : key}
              node={child}
              path={path === "" ? key : `${path}.${key}`}
              depth={depth + 1}
            />
          ))}
          {entries.length > limit && (
            <Group style={indentOf(depth + 1)}>
              <Button variant="subtle" size="compact-xs" onClick={() => setLimit(limit * 10)}>
                {`${entries.length - limit} more`}
              </Button>
            </Group>
          )}
          <Line indent={indent} name={null} text={closing} />
        </>
      )}
    </div>
  );
}

const Name = ({ name }: { readonly name: string | null }) =>
  name === null ? null : <span className={classes.name}>{name}: </span>;

interface LineProps {
  readonly indent: ReturnType<typeof indentOf>;
  readonly name: string | null;
  readonly text: string | undefined;
}

const Line = ({ indent, name, text }: LineProps) => (
  <div className={classes.line} style={indent}>
    <Name name={name} />
    <span className={classes.quiet}>{text}</span>
  </div>
);
