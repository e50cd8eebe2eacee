/** Tokens of programs and of those who use the API by hand. */
import { Button, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { DialogButton, DialogEnd, DialogForm } from "../../ui/dialog.tsx";
import { InUse } from "../../ui/in-use.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { type Role, RoleField, roleNames } from "./roles.tsx";

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
                    <td>{roleNames[role]}</td>
                    <td>
                      <When at={made} />
                    </td>
                    <td>
                      <InUse revokedAt={revoked} />
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

const NewOperator = () => (
  <DialogButton name="New operator" title="New operator">
    {(close) => <OperatorForm onClose={close} />}
  </DialogButton>
);

function OperatorForm({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/operators", {
    onSuccess: () => client.invalidateQueries(),
  });
  const errors = fieldProblems(make.error);
  if (make.data !== undefined) {
    return (
      <DialogEnd onClose={onClose}>
        <ShownOnce value={make.data.token} label="operator's token" />
      </DialogEnd>
    );
  }
  return (
    <DialogForm
      request={make}
      verb="Make operator"
      onSubmit={() => make.mutate({ body: { name, role } })}
      onClose={onClose}
    >
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
      <RoleField value={role} onChange={setRole} />
    </DialogForm>
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
