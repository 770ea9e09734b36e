import * as v from 'valibot';
import type { Fault } from '../registry/fault.ts';
import { quote } from '../registry/value-schemas.ts';
import { pickText, type Environment } from './environment.ts';
import type { Setting } from './setting.ts';
import { SETTING_ENTRIES, type SettingName, type SETTINGS } from './table.ts';

type Table = typeof SETTINGS;

/** The parsed value of each setting; null if it is unset and has no default. */
export type Values = {
  readonly [Name in SettingName]:
    | v.InferOutput<Table[Name]['schema']>
    | (Table[Name] extends { readonly default: string } ? never : null);
};

/** The values that become fields of `Settings` unchanged. */
export type FieldValues = {
  readonly [
    Name in SettingName as Table[Name] extends { readonly field: infer Field extends string }
      ? Field
      : never
  ]: Values[Name];
};

/** Parses each setting, and adds to the faults. A faulty one counts as unset: the others are still checked. */
export function readValues(environment: Environment, faults: Fault[]): Values {
  const read = (name: string, setting: Setting) => {
    const unset = setting.default === undefined ? null : v.parse(setting.schema, setting.default);
    const text = pickText(environment, name);
    if (text === null) return unset;
    const parsed = v.safeParse(setting.schema, text);
    if (parsed.success) return parsed.output;
    const received = setting.shown ? ` but received ${quote(text)}` : '';
    faults.push(
      ...parsed.issues.map(({ message, path }) => {
        // The entry of a setting that is a list.
        const index = path?.[0]?.key;
        const entry = typeof index === 'number' && { entry: `entry ${index + 1}` };
        return { variable: name, ...entry, message: message + received };
      }),
    );
    return unset;
  };
  const values = SETTING_ENTRIES.map(([name, setting]) => [name, read(name, setting)]);
  return Object.fromEntries(values) as Values;
}

/** Returns the values that become fields of `Settings`, by field name. */
export function toFields(values: Values): FieldValues {
  const fields = SETTING_ENTRIES.flatMap(([name, { field }]) =>
    field === undefined ? [] : [[field, values[name]]],
  );
  return Object.fromEntries(fields) as FieldValues;
}
