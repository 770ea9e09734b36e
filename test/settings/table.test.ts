import { safeParse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { SETTING_ENTRIES } from '../../src/settings/table.ts';
import { readValues, toFields } from '../../src/settings/read-values.ts';
import type { Fault } from '../../src/registry/fault.ts';
import { toWorkerEnvironment } from '../../src/settings/worker-settings.ts';

function readOne(name: string, text: string) {
  const faults: Fault[] = [];
  const values = readValues({ [name]: text }, faults);
  return { values, faults };
}

describe.each(SETTING_ENTRIES)('%s', (name, setting) => {
  it('has a default and examples that its schema accepts', () => {
    const texts = [setting.default, setting.example, Object(setting.worker).default];
    const given = texts.filter((text) => typeof text === 'string');
    expect(given).not.toEqual([]);
    for (const text of given) expect(safeParse(setting.schema, text).success).toBe(true);
  });

  it('has a description of one line without table characters', () => {
    expect(setting.doc).toMatch(/^[A-Z][^|\n]{5,240}[^.|\n]$/u);
    expect(setting.defaultDoc ?? '').not.toMatch(/[|\n]/u);
  });

  it('is not both secret and shown', () => {
    expect([setting.secret, setting.shown]).not.toEqual([true, true]);
  });

  it('is null or its default when it is unset, blank or invalid', () => {
    const { values: unset } = readOne(name, ' ');
    if (setting.default === undefined) expect(unset[name]).toBeNull();
    else expect(unset[name]).not.toBeNull();
    const { values, faults } = readOne(name, 'zq"\u0001 \u0001');
    for (const { variable, message } of faults) {
      expect(variable).toBe(name);
      expect(message.includes('zq')).toBe(setting.shown ?? false);
    }
    if (faults.length > 0) expect(values[name]).toEqual(unset[name]);
    if (setting.field !== undefined) expect(toFields(values)).toHaveProperty(setting.field);
  });
});

describe('on Workers', () => {
  it('a setting that is unset or blank has the default of Workers', () => {
    const { environment, faults } = toWorkerEnvironment({ ALLOWED_HOSTS: ' ' });
    expect(environment).toEqual({ ALLOWED_HOSTS: '*', BODY_MEMORY_BYTES: '33554432' });
    expect(faults).toEqual([]);
    const set = { ALLOWED_HOSTS: 'a.example', BODY_MEMORY_BYTES: '9', PORT: '1' };
    expect(toWorkerEnvironment(set).environment).toEqual(set);
  });

  it('every setting that Workers cannot apply is a fault', () => {
    const set = { RATE_LIMIT: '1', CONCURRENCY_LIMIT: '1', UPSTREAM_PORT: '1', PORT: '1' };
    const { faults } = toWorkerEnvironment(set);
    expect(faults.map(({ variable }) => variable).toSorted()).toEqual(
      ['RATE_LIMIT', 'CONCURRENCY_LIMIT', 'UPSTREAM_PORT'].toSorted(),
    );
    expect(toWorkerEnvironment({ RATE_LIMIT: '' }).faults).toEqual([]);
  });
});
