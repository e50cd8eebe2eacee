/** A form made from the settings that a plugin declares. */
import { Accordion, Stack } from "@mantine/core";
import type { Setting, SettingValue, SettingValues } from "./setting.ts";
import { SettingField } from "./setting-field.tsx";

interface SettingsFieldsProps {
  readonly settings: readonly Setting[];
  readonly values: SettingValues;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (values: SettingValues) => void;
}

/** Required settings stand open; the others are folded, unless something in them is wrong. */
export function SettingsFields({ settings, values, errors, onChange }: SettingsFieldsProps) {
  const needed = settings.filter((one) => one.isRequired);
  const others = settings.filter((one) => !one.isRequired);
  const hasTrouble = others.some(({ name }) => errorOf(errors, name) !== undefined);
  const fields = (list: readonly Setting[]) =>
    list.map((setting) => (
      <SettingField
        key={setting.name}
        setting={setting}
        value={values[setting.name]}
        error={errorOf(errors, setting.name)}
        onChange={(value: SettingValue) => onChange({ ...values, [setting.name]: value })}
      />
    ));
  return (
    <Stack>
      {fields(needed)}
      {others.length > 0 && (
        <Accordion
          variant="separated"
          {...(hasTrouble ? { defaultValue: "more" } : {})}
          chevronPosition="left"
        >
          <Accordion.Item value="more">
            <Accordion.Control>More settings</Accordion.Control>
            <Accordion.Panel>
              <Stack pt="xs">{fields(others)}</Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </Stack>
  );
}

/** The server names a field with what is around it: `settings.url`. */
const errorOf = (errors: Readonly<Record<string, string>>, name: string): string | undefined =>
  errors[name] ?? errors[`settings.${name}`];

/** Leaves out what was left empty. */
export const filledIn = (values: SettingValues): Record<string, SettingValue> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== null));
