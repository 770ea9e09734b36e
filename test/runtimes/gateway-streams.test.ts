import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CHAT, describeGateway } from './gateway-fixture.ts';

describeGateway('streams', ({ runtime, one, begin }) => {
  describe('passes an answer on', () => {
    it('from the first byte, unchanged', async () => {
      const pieces = ['data: a\n\nda', 'ta: b', '\n\n:\n\n', '\0\xff'].map((piece) =>
        Buffer.from(piece, 'latin1'),
      );
      let next = () => {};
      one.reply((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
        // Bun sends headers together with the first byte.
        if (runtime === 'Bun') response.write(pieces[0]);
        else response.flushHeaders();
        next = () => {
          const piece = pieces.shift();
          if (piece === undefined) response.end();
          else response.write(piece);
        };
      });
      const { answer } = await begin(CHAT, { body: '{"model":"one/m","stream":true}' }).opened;
      expect(answer.headers['x-accel-buffering']).toBe('no');
      const reading = answer[Symbol.asyncIterator]();
      for (const [index, piece] of [...pieces].entries()) {
        if (runtime === 'Bun' && index === 0) pieces.shift();
        else next();
        expect((await reading.next()).value).toEqual(piece);
      }
      next();
      expect((await reading.next()).done).toBe(true);
    });

    it('no faster than the client reads it', async () => {
      let written = 0;
      one.reply((response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream' });
        const chunk = Buffer.alloc(1 << 20);
        const write = () => {
          while (written < 256 && !response.destroyed) {
            written += 1;
            if (!response.write(chunk)) return void response.once('drain', write);
          }
          response.end();
        };
        write();
      });
      const { answer, leave } = await begin(CHAT, { body: '{"model":"one/m"}' }).opened;
      let stalled = 0;
      for (; stalled < written; await sleep(400)) stalled = written;
      expect(stalled).toBeLessThan(64);
      let read = 0;
      for await (const chunk of answer) {
        read += (chunk as Buffer).length;
        if (written > stalled + 32) break;
      }
      expect(read).toBeGreaterThan(16 << 20);
      expect(written).toBeGreaterThan(stalled + 32);
      leave();
    });

    it('and breaks the client’s connection when the upstream’s breaks', async () => {
      const whole = { 'content-length': '1000' };
      // workerd ends an answer of unknown length as if it were complete, and a Worker cannot change that:
      // https://github.com/cloudflare/workerd/issues/6818
      for (const length of runtime === 'workerd' ? [whole] : [{}, whole]) {
        one.reply((response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream', ...length });
          response.write('data: half');
          setTimeout(() => response.destroy(), 100);
        });
        const { answer } = await begin(CHAT, { body: '{"model":"one/m"}' }).opened;
        let text = '';
        const read = async () => {
          for await (const chunk of answer) text += String(chunk);
        };
        await expect(read()).rejects.toThrow();
        expect(text).toBe('data: half');
      }
    });
  });

  describe('ends the upstream request when the client leaves', () => {
    // workerd notices a client that left when the connection is reset.
    const soon = { timeout: runtime === 'workerd' ? 5000 : 1000, interval: 5 };

    it('before the answer', async () => {
      one.reply(() => {});
      const before = one.brokenOff();
      const { leave, opened } = begin(CHAT, { body: '{"model":"one/m"}' });
      opened.catch(() => {});
      await expect.poll(() => one.received.length).toBe(1);
      leave();
      await expect.poll(() => one.brokenOff(), soon).toBe(before + 1);
    });

    it.each([['text/event-stream'], ['application/json']])(
      'in the middle of an answer of type %s',
      async (type) => {
        one.reply((response) => {
          response.writeHead(200, { 'content-type': type });
          response.write('data: first\n\n');
        });
        const before = one.brokenOff();
        const { answer, leave } = await begin(CHAT, { body: '{"model":"one/m"}' }).opened;
        answer.on('error', () => {});
        await new Promise((resolve) => answer.once('data', resolve));
        leave();
        await expect.poll(() => one.brokenOff(), soon).toBe(before + 1);
      },
    );

    it('in the middle of its own form', async () => {
      const boundary = 'b';
      async function* endless() {
        yield Buffer.from('--b\r\ncontent-disposition: form-data; name=model\r\n\r\none/m\r\n');
        yield Buffer.from('--b\r\ncontent-disposition: form-data; name=f; filename=f\r\n\r\n');
        for (;;) {
          yield Buffer.alloc(1000);
          await sleep(10);
        }
      }
      const [begun, brokenOff] = [one.begun(), one.brokenOff()];
      const { leave, opened } = begin('/v1/audio/transcriptions', {
        body: endless(),
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      });
      opened.catch(() => {});
      await expect.poll(() => one.begun()).toBe(begun + 1);
      leave();
      await expect.poll(() => one.brokenOff(), soon).toBe(brokenOff + 1);
    });
  });
});
