/** A record beside the raw bodies it was made of. Pointing at a field of one side marks where it is on the other. */
import { Anchor, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import type { DataType } from "../person/data-types.ts";
import { fateOf, isWithin, ledgerPath, type Part, plainPath, type Traced, tracedOf } from "./ledger.ts";
import classes from "./source.module.css";

interface SourceProps {
  readonly userId: string;
  readonly type: DataType;
  readonly naturalKey: string;
  readonly record: unknown;
}

export function Source({ userId, type, naturalKey, record }: SourceProps) {
  const path = { id: userId, type, natural_key: naturalKey };
  const asked = useApi().useQuery("get", "/admin/v1/users/{id}/records/{type}/{natural_key}/ledger", {
    params: { path },
  });
  return <Loaded asked={asked}>{({ parts }) => <Sides parts={parts} type={type} record={record} />}</Loaded>;
}

/** The value that is pointed at: a path of the record, or one of a part. */
interface Pointed {
  readonly side: "record" | number;
  readonly path: string;
}

interface SidesProps {
  readonly parts: readonly Part[];
  readonly type: DataType;
  readonly record: unknown;
}

function Sides({ parts, type, record }: SidesProps) {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const traced = useMemo(() => tracedOf(parts, type), [parts, type]);
  const chosen = useMemo(() => chosenBy(pointed, traced, parts), [pointed, traced, parts]);
  const isMarked = (path: string): boolean => {
    const named = plainPath(path);
    return chosen.some(({ places }) => places.some((place) => isWithin(named, place)));
  };
  return (
    <Stack gap="md">
      <Legend chosen={chosen} pointed={pointed} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Panel title="Record" note="as REST answers it">
          <JsonView
            value={record}
            label="JSON of the record"
            maxHeight="68vh"
            isMarked={isMarked}
            onPoint={(path) => setPointed(path === null ? null : { side: "record", path })}
          />
        </Panel>
        <Stack gap="lg">
          {parts.map((part, index) => (
            <RawPart
              key={`${part.resource} ${part.key}`}
              part={part}
              index={index}
              chosen={chosen}
              onPoint={setPointed}
            />
          ))}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function chosenBy(
  pointed: Pointed | null,
  traced: readonly Traced[],
  parts: readonly Part[],
): readonly Traced[] {
  if (pointed === null) return [];
  if (pointed.side === "record") {
    const path = plainPath(pointed.path);
    return traced.filter(({ places }) => places.some((place) => isWithin(path, place)));
  }
  const { side } = pointed;
  const path = ledgerPath(pointed.path, leafPathsOf(parts[side]));
  return traced.filter(({ part, leaf }) => part === side && isWithin(path, leaf.path));
}

const leafPathsOf = (part: Part | undefined): string[] => part?.leaves.map(({ path }) => path) ?? [];

interface RawPartProps {
  readonly part: Part;
  readonly index: number;
  readonly chosen: readonly Traced[];
  readonly onPoint: (pointed: Pointed | null) => void;
}

const problems = {
  missing: "The body is gone.",
  "too-large": "The body is larger than 4 MiB: download it to look at it.",
  unreadable: "The body is no JSON: download it to look at it.",
} as const;

function RawPart({ part, index, chosen, onPoint }: RawPartProps) {
  const { environment } = usePlace();
  const known = useMemo(() => leafPathsOf(part), [part]);
  const own = chosen.filter((one) => one.part === index);
  const toneOf = (path: string): string | undefined => {
    const named = ledgerPath(path, known);
    const leaf = part.leaves.find((one) => isWithin(named, one.path));
    return leaf && fateOf(leaf);
  };
  const isMarked = (path: string): boolean => {
    const named = ledgerPath(path, known);
    return own.some(({ leaf }) => isWithin(named, leaf.path));
  };
  return (
    <Panel
      title={part.resource}
      note={part.key}
      actions={
        <Anchor href={`${part.raw}?environment=${encodeURIComponent(environment.dev_id)}`} download size="sm">
          Download the body
        </Anchor>
      }
    >
      {part.problem === null ? (
        <JsonView
          value={part.value}
          label={`Raw body: ${part.resource}`}
          maxHeight="60vh"
          toneOf={toneOf}
          isMarked={isMarked}
          onPoint={(path) => onPoint(path === null ? null : { side: index, path })}
        />
      ) : (
        <Text size="sm">{problems[part.problem]}</Text>
      )}
    </Panel>
  );
}

const fateNames = {
  mapped: "mapped",
  carried: "carried in provider_data",
  ignored: "left in the raw body",
} as const;

/** The legend has one height, whether something is pointed at or not, so that nothing jumps. */
function Legend({
  chosen,
  pointed,
}: {
  readonly chosen: readonly Traced[];
  readonly pointed: Pointed | null;
}) {
  const [first] = chosen;
  const fate = first?.leaf.fates[0];
  return (
    <div className={classes.legend} aria-live="polite">
      {pointed === null || first === undefined ? (
        <Group gap="lg">
          {Object.entries(fateNames).map(([name, words]) => (
            <Group key={name} gap={6}>
              <span className={classes.swatch} data-tone={name} aria-hidden />
              <Text size="sm">{words}</Text>
            </Group>
          ))}
          <Text size="sm" c="dimmed">
            {pointed === null
              ? "Point at a field, or focus a side and use the arrow keys: the other side shows where it belongs."
              : "Nothing on the other side belongs to this field: it is computed, or says what the record is."}
          </Text>
        </Group>
      ) : (
        <Text size="sm" className="truncate">
          <code>{first.leaf.path}</code> {first.places.length > 0 && "→ "}
          {first.places.map((place) => (
            <code key={place}>{place} </code>
          ))}
          <Text span size="sm" c="dimmed">
            {[fate?.how, fate?.why].filter(Boolean).join("; ")}
          </Text>
        </Text>
      )}
    </div>
  );
}
