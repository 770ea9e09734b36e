import { describe, expect, it, test } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { type BodyOptions, parseJsonBody } from '../../src/gateway/json-body.ts';

const MIB = 2 ** 20;

// One byte per character, so that rows can contain invalid UTF-8.
const toBytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const utf8 = (text: string) => Buffer.from(text).toString('latin1');

function rewrite(body: string, options?: BodyOptions) {
  const parsed = parseJsonBody(toBytes(body));
  return { model: parsed.model, text: toText(parsed.withModel('q', options)) };
}

function refuse(body: string | Uint8Array, options?: BodyOptions): PaddockError {
  try {
    parseJsonBody(typeof body === 'string' ? toBytes(body) : body).withModel('q', options);
  } catch (error) {
    if (error instanceof PaddockError) return error;
    throw error;
  }
  throw new Error('Expected a refusal but the body was accepted');
}

describe('the model', () => {
  it.each<[what: string, body: string, model: string, result: string]>([
    ['as the first member', '{"model":"lab/q","a":1}', 'lab/q', '{"model":"q","a":1}'],
    ['as the last member', '{"a":1,"model":"lab/q"}', 'lab/q', '{"a":1,"model":"q"}'],
    ['as the only member', '{"model":"lab/q"}', 'lab/q', '{"model":"q"}'],
    [
      'between white space',
      ' \r\n{\t"model" :\n "lab/q" , "a" : 1 }\n',
      'lab/q',
      ' \r\n{\t"model" :\n "q" , "a" : 1 }\n',
    ],
    ['under an escaped key', '{"m\\u006fdel":"lab/q"}', 'lab/q', '{"m\\u006fdel":"q"}'],
    [
      'under a key made of escapes',
      '{"\\u006D\\u006F\\u0064\\u0065\\u006c":"lab/q"}',
      'lab/q',
      '{"\\u006D\\u006F\\u0064\\u0065\\u006c":"q"}',
    ],
    ['with escapes', '{"model":"lab\\/\\u0071\\"\\\\"}', 'lab/q"\\', '{"model":"q"}'],
    ['with a surrogate pair', '{"model":"lab/\\ud83e\\udd99"}', 'lab/🦙', '{"model":"q"}'],
    ['with a lone surrogate', '{"model":"lab/\\ud83e"}', 'lab/\ud83e', '{"model":"q"}'],
    ['in UTF-8', utf8('{"model":"lab/🦙"}'), 'lab/🦙', '{"model":"q"}'],
    ['that starts with U+FEFF', utf8('{"model":"\ufefflab/q"}'), '\ufefflab/q', '{"model":"q"}'],
    [
      'after a byte order mark',
      utf8('\ufeff{"model":"lab/q"}'),
      'lab/q',
      utf8('\ufeff{"model":"q"}'),
    ],
    ['that is empty', '{"model":""}', '', '{"model":"q"}'],
    ['that already has the new name', '{"model":"\\u0071" }', 'q', '{"model":"\\u0071" }'],
    [
      'next to nested models',
      '{"a":{"model":1},"b":[{"model":2}],"model":"lab/q","c":"\\"model\\":3"}',
      'lab/q',
      '{"a":{"model":1},"b":[{"model":2}],"model":"q","c":"\\"model\\":3"}',
    ],
    [
      'next to similar keys',
      '{"Model":1,"models":2,"mode":3,"model\\u0000":4,"m\\\\u006fdel":5,"m\\u005vdel":5,"":6,"model":"lab/q"}',
      'lab/q',
      '{"Model":1,"models":2,"mode":3,"model\\u0000":4,"m\\\\u006fdel":5,"m\\u005vdel":5,"":6,"model":"q"}',
    ],
    [
      'next to duplicate keys',
      '{"a":1,"__proto__":1,"model":"lab/q","__proto__":2,"a":2}',
      'lab/q',
      '{"a":1,"__proto__":1,"model":"q","__proto__":2,"a":2}',
    ],
    [
      'next to every kind of value',
      '{"a":-0.10e+22,"b":1E-7,"c":true,"d":false,"e":null,"f":[],"g":{},"h":"","model":"lab/q","i":0}',
      'lab/q',
      '{"a":-0.10e+22,"b":1E-7,"c":true,"d":false,"e":null,"f":[],"g":{},"h":"","model":"q","i":0}',
    ],
    [
      'next to a number that no double can represent',
      '{"seed":123456789012345678901234567890,"model":"lab/q"}',
      'lab/q',
      '{"seed":123456789012345678901234567890,"model":"q"}',
    ],
    [
      'next to invalid UTF-8',
      '{"a\xff":"\xc3","model":"lab/q","b":["\xed\xa0\x80\xff"]}',
      'lab/q',
      '{"a\xff":"\xc3","model":"q","b":["\xed\xa0\x80\xff"]}',
    ],
    [
      'next to lone surrogates',
      '{"\\ud800":"\\udfff","model":"lab/q"}',
      'lab/q',
      '{"\\ud800":"\\udfff","model":"q"}',
    ],
    [
      'next to faults that are left to the upstream',
      '{"a":"\0\n\\x","model":"lab/q","b":[\0,{tru]]}',
      'lab/q',
      '{"a":"\0\n\\x","model":"q","b":[\0,{tru]]}',
    ],
  ])('%s is replaced without any other change', (_, body, model, result) => {
    expect(rewrite(body)).toEqual({ model, text: result });
    expect(rewrite(body, { maxTokens: true })).toEqual({ model, text: result });
  });

  it.each<[what: string, body: string, result: string]>([
    ['an empty object', '{}', '{"model":"q"}'],
    ['an empty object with white space', ' { \n}', ' {"model":"q" \n}'],
    ['an object', '{ "a":1}', '{"model":"q", "a":1}'],
    ['an object with a nested one', '{"a":{"model":"b"}}', '{"model":"q","a":{"model":"b"}}'],
  ])('is added to %s without a model', (_, body, result) => {
    expect(rewrite(body)).toEqual({ model: null, text: result });
  });

  it('replaces null', () => {
    expect(rewrite('{"a":null, "model" : null ,"b":1}')).toEqual({
      model: null,
      text: '{"a":null, "model" : "q" ,"b":1}',
    });
  });

  it.each<[what: string, name: string, literal: string]>([
    ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
    ['characters beyond ASCII', 'é🦙', '"é🦙"'],
    ['a lone surrogate', '\ud83e', '"\\ud83e"'],
    ['a control character', '\n', '"\\n"'],
  ])('is escaped in JSON with %s', (_, name, literal) => {
    const bytes = toBytes('{"model":"lab/q"}');
    expect(toText(parseJsonBody(bytes).withModel(name))).toBe(utf8(`{"model":${literal}}`));
  });
});

describe('max_completion_tokens', () => {
  it.each<[what: string, body: string, result: string]>([
    ['renamed', '{"model":"l/q","max_completion_tokens": 5}', '{"model":"q","max_tokens": 5}'],
    [
      'renamed before the model',
      '{"max_completion_tokens":5,"model":"l/q"}',
      '{"max_tokens":5,"model":"q"}',
    ],
    [
      'renamed next to an added model',
      '{"max_completion_tokens":5}',
      '{"model":"q","max_tokens":5}',
    ],
    [
      'renamed with escapes in its key',
      '{"model":"q","max\\u005Fcompletion_tokens":5}',
      '{"model":"q","max_tokens":5}',
    ],
    [
      'renamed with the value null',
      '{"model":"q","max_completion_tokens":null}',
      '{"model":"q","max_tokens":null}',
    ],
    [
      'renamed with a value that is not a number',
      '{"model":"q","max_completion_tokens":["5"]}',
      '{"model":"q","max_tokens":["5"]}',
    ],
    [
      'renamed in place of a null max_tokens',
      '{"max_tokens": null ,\n "model":"l/q", "max_completion_tokens":5}',
      '{"model":"q", "max_tokens":5}',
    ],
    [
      'renamed in place of a null max_tokens at the end',
      '{"max_completion_tokens":5, "model":"l/q" , "max_tok\\u0065ns":null }',
      '{"max_tokens":5, "model":"q" }',
    ],
    [
      'renamed when both are null',
      '{"model":"q","max_completion_tokens":null,"max_tokens":null}',
      '{"model":"q","max_tokens":null}',
    ],
    [
      'dropped as the first member',
      '{ "max_completion_tokens":5, "max_tokens":3, "model":"l/q"}',
      '{ "max_tokens":3, "model":"q"}',
    ],
    [
      'dropped as the last member',
      '{\n  "model": "l/q",\n  "max_tokens": 3,\n  "max_completion_tokens": -5.0e2\n}',
      '{\n  "model": "q",\n  "max_tokens": 3\n}',
    ],
    [
      'dropped with the value null',
      '{"model":"l/q" , "max_completion_tokens" : null , "max_tokens":3}',
      '{"model":"q" , "max_tokens":3}',
    ],
    [
      'dropped next to an added model',
      '{"max_completion_tokens":5,"max_tokens":3}',
      '{"model":"q","max_tokens":3}',
    ],
    ['unchanged as max_tokens', '{"model":"l/q","max_tokens":3}', '{"model":"q","max_tokens":3}'],
    [
      'unchanged as a null max_tokens',
      '{"model":"l/q","max_tokens":null}',
      '{"model":"q","max_tokens":null}',
    ],
    [
      'unchanged as two max_tokens',
      '{"model":"l/q","max_tokens":3,"max_tokens":4}',
      '{"model":"q","max_tokens":3,"max_tokens":4}',
    ],
    [
      'unchanged in a nested object',
      '{"model":"l/q","a":{"max_completion_tokens":3}}',
      '{"model":"q","a":{"max_completion_tokens":3}}',
    ],
  ])('is %s', (_, body, result) => {
    expect(rewrite(body, { maxTokens: true }).text).toBe(result);
  });

  it.each<[what: string, body: string, param: string]>([
    ['given twice', '{"max_completion_tokens":1,"max_completion_tokens":2}', 'max_tokens'],
    [
      'given with two max_tokens',
      '{"max_tokens":1,"max_completion_tokens":1,"max_tokens":null}',
      'max_tokens',
    ],
    ['a string', '{"max_tokens":1,"max_completion_tokens":"\n"}', 'max_completion_tokens'],
    ['a list', '{"max_tokens":1,"max_completion_tokens":[}}', 'max_completion_tokens'],
    ['true', '{"max_tokens":1,"max_completion_tokens":true}', 'max_completion_tokens'],
  ])('is refused as %s when it would be dropped', (_, body, param) => {
    expect(refuse(body, { maxTokens: true })).toMatchObject({ code: 'invalid_request', param });
    expect(rewrite(body).text).toBe(`{"model":"q",${body.slice(1)}`);
  });
});

describe('a JSON body', () => {
  it.each<[what: string, body: string, message: RegExp, param?: 'model']>([
    ['no bytes', '', /is empty: send a JSON object/],
    ['white space', ' \n', /is empty: send a JSON object/],
    ['a byte order mark', '\xef\xbb\xbf', /is empty/],
    ['two byte order marks', '\xef\xbb\xbf\xef\xbb\xbf{}', /not a JSON object/],
    ['a truncated byte order mark', '\xef\xbb{}', /not a JSON object/],
    ['a list', '[{"model":"lab/q"}]', /not a JSON object: send a JSON object/],
    ['a string', '"{}"', /not a JSON object/],
    ['a number', '5', /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['a form', 'model=lab%2Fq', /not a JSON object/],
    ['white space that JSON does not allow', '\f{}', /not a JSON object/],
    ['two objects', '{"model":"lab/q"}{}', /continues after its JSON object, at byte 17/],
    ['a NUL after the object', '{}\0', /continues after/],
    ['one brace too many', '{}}', /continues after/],
    ['a brace alone', '{', /ends inside/],
    ['a truncated key', '{"mod', /ends inside/],
    ['a key without a value', '{"model"', /ends inside/],
    ['a truncated string', '{"a":"b', /ends inside/],
    ['a string that ends in a backslash', '{"a":"b\\', /ends inside/],
    ['a string that ends in an escaped quote', '{"a":"b\\"', /ends inside/],
    ['a truncated literal', '{"a":tru', /ends inside/],
    ['a truncated number', '{"a":-1.', /ends inside/],
    ['a list that stays open', '{"a":[{}', /ends inside/],
    ['a comma at its end', '{"a":1,', /ends inside/],
    ['no colon', '{"a" 1}', /expected a colon at byte 5/],
    ['no comma', '{"a":1 "b":2}', /expected a comma or closing brace at byte 7/],
    ['a trailing comma', '{"a":1,}', /expected a key in double quotes at byte 7/],
    ['a leading comma', '{,"a":1}', /a key in double quotes/],
    ['a bare key', '{a:1}', /expected a key in double quotes at byte 1/],
    ['a key in single quotes', "{'a':1}", /a key in double quotes/],
    ['no value', '{"a":,"b":1}', /expected a value at byte 5/],
    ['an unknown literal', '{"a":b}', /a value/],
    ['NaN', '{"a":NaN}', /a value/],
    ['a misspelt literal', '{"a":nul}', /the value null/],
    ['a literal with extra letters', '{"a":nullable}', /a comma or closing brace/],
    ['a number with a leading zero', '{"a":01}', /a comma or closing brace/],
    ['a number with a plus', '{"a":+1}', /a value/],
    ['a number without digits', '{"a":-}', /a value/],
    ['a fraction without digits', '{"a":1.}', /a value/],
    ['an exponent without digits', '{"a":1e+}', /a value/],
    ['a mismatched bracket', '{"a":1]', /a comma or closing brace/],
    ['a comment', '{/**/"a":1}', /a key in double quotes/],
    ['two models', '{"model":"a","model":"a"}', /two "model" keys: send one/, 'model'],
    ['an escaped second model', '{"model":"a","\\u006dodel":1}', /two "model" keys/, 'model'],
    ['a model that is false', '{"model":false}', /not a string: send a model ID/, 'model'],
    ['a model that is a number', '{"model":7}', /not a string/, 'model'],
    ['a model that is a list', '{"model":["lab/q"]}', /not a string/, 'model'],
    ['a model with a line break', '{"model":"a\nb"}', /not a valid JSON string/, 'model'],
    ['a model with an unknown escape', '{"model":"a\\x41"}', /not a valid JSON string/, 'model'],
    ['a model with a truncated escape', '{"model":"a\\u00"}', /not a valid JSON string/, 'model'],
    ['a model of invalid UTF-8', '{"model":"a\xff"}', /not a valid JSON string/, 'model'],
    ['a model with an encoded surrogate', '{"model":"\xed\xa0\x80"}', /not a valid JSON/, 'model'],
    ['a model of 7000 characters', `{"model":"${'a'.repeat(7000)}"}`, /longer than 512/, 'model'],
  ])('with %s is refused', (_, body, message, param) => {
    expect(refuse(body)).toMatchObject({
      code: message.source.includes('longer') ? 'invalid_model_id' : 'invalid_request',
      status: 400,
      message: expect.stringMatching(message),
      param: param ?? null,
    });
  });

  test('is edited in place when it does not grow', () => {
    const text = '{"max_completion_tokens":5,"model":"lab/q","max_tokens":3}';
    for (const padding of [0, 100]) {
      for (const place of ['before', 'after'] as const) {
        const more = `"${'a'.repeat(padding)}":1`;
        const body =
          place === 'before' ? `{${more},${text.slice(1)}` : `${text.slice(0, -1)},${more}}`;
        const bytes = toBytes(body);
        const result = parseJsonBody(bytes).withModel('q', { maxTokens: true });
        expect(result.buffer).toBe(bytes.buffer);
        expect(toText(result)).toBe(
          body.replace('lab/', '').replace('"max_completion_tokens":5,', ''),
        );
      }
    }
  });

  test('is edited without touching the memory around it', () => {
    const around = toBytes('<<{"model":"lab/q"}>>');
    const result = parseJsonBody(around.subarray(2, -2)).withModel('q');
    expect(toText(result)).toBe('{"model":"q"}');
    expect(toText(around)).toMatch(/^<<.{17}>>$/);
  });

  test('that grows is copied', () => {
    const bytes = toBytes('{"model":"q"}');
    expect(toText(parseJsonBody(bytes).withModel('qwen'))).toBe('{"model":"qwen"}');
    expect(toText(bytes)).toBe('{"model":"q"}');
  });

  test('that needs no edit is returned unchanged', () => {
    const bytes = toBytes('{"model":"\\u0071","max_tokens":1}');
    expect(parseJsonBody(bytes).withModel('q', { maxTokens: true })).toBe(bytes);
  });

  test('cannot be edited twice', () => {
    const body = parseJsonBody(toBytes('{"model":"lab/q"}'));
    body.withModel('q');
    expect(() => body.withModel('r')).toThrow('twice');
  });
});

describe('an extreme body', () => {
  const nest = (depth: number) => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);
  it.each<[what: string, value: string]>([
    ['10,000 levels', nest(5000)],
    ['1,000,000 levels', nest(500_000)],
    ['a string of 16 MiB', `"${'a'.repeat(16 * MIB)}"`],
    ['16 MiB of backslashes', `"${'\\'.repeat(16 * MIB)}"`],
    ['an escaped quote after 16 MiB of backslashes', `"${'\\'.repeat(16 * MIB + 1)}""`],
    ['16 MiB of escaped quotes', `"${'\\"'.repeat(8 * MIB)}"`],
    ['16 MiB of digits', '9'.repeat(16 * MIB)],
    ['16 MiB of white space', `${' '.repeat(16 * MIB)}1`],
  ])('with %s is edited', (_, value) => {
    const [head, tail] = ['{"b":', ',"model":"lab/q"}'];
    const result = Buffer.from(parseJsonBody(toBytes(head + value + tail)).withModel('q'));
    expect(result.equals(toBytes(`${head}${value},"model":"q"}`))).toBe(true);
  });

  it.each<[what: string, body: string]>([
    ['16 MiB of open brackets', `{"a":${'['.repeat(16 * MIB)}`],
    ['16 MiB of backslashes without an end', `{"a":"${'\\'.repeat(16 * MIB)}`],
    ['an escaped last quote', `{"a":"${'\\'.repeat(MIB + 1)}"}`],
  ])('with %s is refused', (_, body) => {
    expect(refuse(body).message).toMatch(/ends inside/);
  });

  it.each<[what: string, make: (size: number) => string]>([
    ['a string', (size) => `{"a":"${'a'.repeat(size)}"}`],
    ['brackets', (size) => `{"a":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`],
    ['backslashes', (size) => `{"a":"${'\\'.repeat(size)}"}`],
    ['backslashes before quotes', (size) => `{"a":"${`${'\\'.repeat(99)}"`.repeat(size / 100)}"}`],
    [
      'escaped quotes that are far apart',
      (size) => `{"a":"${`${'a'.repeat(98)}\\"`.repeat(size / 100)}"}`,
    ],
    ['empty strings', (size) => `{"a":[${'"",'.repeat(size / 3)}""]}`],
    ['members', (size) => `{${'"":1,'.repeat(size / 5)}"a":1}`],
    ['escaped keys', (size) => `{${'"\\u006dode\\u006d":1,'.repeat(size / 20)}"a":1}`],
    ['token limits', (size) => `{${'"max_tokens":1,'.repeat(size / 15)}"a":1}`],
  ])('of %s takes time in proportion to its size', { retry: 2 }, (_, make) => {
    const [small, large] = [2 * MIB, 8 * MIB].map((size) => {
      const bytes = toBytes(make(size));
      const times = Array.from({ length: 3 }, () => {
        const start = performance.now();
        parseJsonBody(bytes);
        return performance.now() - start;
      });
      return Math.min(...times);
    }) as [number, number];
    expect(large).toBeLessThan(10 * small + 20);
  });
});
