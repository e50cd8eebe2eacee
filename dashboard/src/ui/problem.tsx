/** The problem of a form or a button, beside it. */
import { Alert, Code, List, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { asProblem, fieldProblems } from "../api/problem.ts";

export function ProblemText({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  const { message, code } = asProblem(error);
  const fields = Object.entries(fieldProblems(error));
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} role="alert" p="sm">
      <Text size="sm">
        {message}. <Code>{code}</Code>
      </Text>
      {fields.length > 0 && (
        <List size="sm" mt={4}>
          {fields.map(([field, text]) => (
            <List.Item key={field}>
              <Code>{field}</Code> {text}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
