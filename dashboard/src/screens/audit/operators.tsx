/** Tokens of programs and of those who use the API by hand. */
import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { roles } from "./accounts.tsx";

export function Operators() {
  const asked = useApi().useQuery("get", "/admin/v1/operators", {});
  const mayChange = useMayChange();
  return (
    <Panel title="Operators" note="tokens for the admin API" actions={mayChange && <NewOperator />} flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No operator">Give each program that uses the admin API a token of its own.</Empty>
          ) : (
            <table className="data-table" aria-label="Operators">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col">Made</th>
                  <th scope="col">State</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map(({ id, name, role, created_at: made, revoked_at: revoked }) => (
                  <tr key={id}>
                    <td>{name}</td>
                    <td>{role === "admin" ? "Admin" : "Viewer"}</td>
                    <td>
                      <When at={made} />
                    </td>
                    <td>
                      {revoked === null ? (
                        "in use"
                      ) : (
                        <>
                          revoked <When at={revoked} />
                        </>
                      )}
                    </td>
                    <td style={{ textAlign: "right" }}>
                      {mayChange && revoked === null && <RevokeOperator id={id} name={name} />}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Panel>
  );
}

function NewOperator() {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        New operator
      </Button>
      <Modal opened={opened} onClose={close} title="New operator">
        {opened && <OperatorForm onClose={close} />}
      </Modal>
    </>
  );
}

function OperatorForm({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<"admin" | "viewer">("viewer");
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/operators", {
    onSuccess: () => client.invalidateQueries(),
  });
  const errors = fieldProblems(make.error);
  if (make.data !== undefined) {
    return (
      <Stack>
        <ShownOnce value={make.data.token} label="operator's token" />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ body: { name, role } });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="billing-service"
          required
          withAsterisk={false}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <div>
          <Text size="sm" fw={500} mb={4} id="operator-role">
            Role
          </Text>
          <SegmentedControl
            aria-labelledby="operator-role"
            data={roles}
            value={role}
            onChange={(value) => setRole(value as "admin" | "viewer")}
          />
        </div>
        <ProblemText error={make.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make operator
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RevokeOperator({ id, name }: { readonly id: string; readonly name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const revoke = useApi().useMutation("delete", "/admin/v1/operators/{id}", {
    onSuccess: async () => {
      close();
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Revoke
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title={`Revoke ${name}?`}
        consequences={[
          "Calls with its token are refused from now on.",
          "What it did stays in the audit log.",
        ]}
        verb="Revoke operator"
        error={revoke.error}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { path: { id } } })}
      />
    </>
  );
}
