/** Tries a destination, and says in the target's own words what is missing. */
import { Button, Code, Group, List, Loader, Text } from "@mantine/core";
import type { paths } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";
import { Notice } from "../../ui/notice.tsx";
import { useOnce } from "../../ui/once.ts";
import { ProblemText } from "../../ui/problem.tsx";

type Result =
  paths["/admin/v1/destinations/{id}/check"]["post"]["responses"][200]["content"]["application/json"];

interface ConnectionTestProps {
  readonly id: string;
  /** Tries it as soon as it is shown. */
  readonly isImmediate?: boolean;
}

export function ConnectionTest({ id, isImmediate = false }: ConnectionTestProps) {
  const { mutate, data, error, isPending } = useApi().useMutation(
    "post",
    "/admin/v1/destinations/{id}/check",
  );
  const tryNow = () => mutate({ params: { path: { id } } });
  useOnce(() => {
    if (isImmediate) tryNow();
  });
  return (
    <div aria-live="polite">
      <Group gap="sm" mb={data === undefined && error === null ? 0 : "sm"}>
        <Button variant="default" size="xs" loading={isPending} onClick={tryNow}>
          {data === undefined ? "Test connection" : "Test again"}
        </Button>
        {isPending && (
          <Group gap={6}>
            <Loader size={12} />
            <Text size="sm" c="dimmed">
              Trying, for up to 15 seconds …
            </Text>
          </Group>
        )}
      </Group>
      {data !== undefined && <Outcome result={data} />}
      <ProblemText error={error} />
    </div>
  );
}

function Outcome({ result }: { readonly result: Result }) {
  const { ok, message, code, remedy, reason, status, response } = result;
  if (ok) {
    return (
      <Notice tone="good" p="sm">
        <Text size="sm">It works{status === null ? "." : `: the target answered ${status}.`}</Text>
      </Notice>
    );
  }
  const reasons = (reason ?? "").split("; ").filter((part) => part !== "");
  return (
    <Notice tone="bad" p="sm">
      <Text size="sm" fw={600}>
        {message}. <Code>{code}</Code>
      </Text>
      {reasons.length > 0 && (
        <List size="sm" mt={6}>
          {reasons.map((part) => (
            <List.Item key={part}>{part}</List.Item>
          ))}
        </List>
      )}
      {remedy !== null && (
        <Text size="sm" mt={6}>
          {remedy}
        </Text>
      )}
      {response !== null && response !== "" && (
        <Text size="sm" mt={6} component="div">
          The target answered{status === null ? "" : ` ${status}`}: <Code block>{response}</Code>
        </Text>
      )}
    </Notice>
  );
}
