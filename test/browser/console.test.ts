import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('the console', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  it('opens', async () => {
    const page = await stage.open('/');
    await page.getByText('2 hosts').waitFor();
    expect(stage.complaints).toEqual([]);
  });
});
