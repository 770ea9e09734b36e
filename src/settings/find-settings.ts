import type { Setting } from './setting.ts';
import { SETTINGS } from './table.ts';

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** Every setting with its name, typed with all the fields of `Setting`. */
export const SETTING_ENTRIES = Object.entries(SETTINGS) as readonly [SettingName, Setting][];

/** Returns the names of the settings that meet a condition. */
export function findSettings(meets: (setting: Setting) => boolean): readonly SettingName[] {
  return SETTING_ENTRIES.filter(([, setting]) => meets(setting)).map(([name]) => name);
}
