import { describe, expect, it } from 'vitest';
import { drawRequest, isInference, LEAST_CLIENTS, OWN_KINDS } from './draw-request.ts';
import { FAULTS, INFERENCE_KINDS } from './exchange.ts';
import { HOSTS, STEADY_HOSTS } from './hosts.ts';
import { createRandom } from './random.ts';

function draw(client: number, seed = 1) {
  const random = createRandom(seed);
  return Array.from({ length: 2000 }, (_, number) =>
    drawRequest(random, { client, id: `${client}-${number}` }),
  );
}

describe('what clients do', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1, 2)).not.toEqual(draw(1));
  });

  it('is everything there is, with every fault and at every host, among the fewest clients', () => {
    const all = Array.from({ length: LEAST_CLIENTS }, (_, client) => draw(client)).flat();
    const asked = all.filter(isInference);
    const others = OWN_KINDS.filter((kind) => kind !== 'favorites');
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set([...INFERENCE_KINDS, ...others]));
    expect(new Set(asked.map(({ fault }) => fault))).toEqual(new Set([null, ...FAULTS]));
    expect(new Set(asked.map(({ host }) => host))).toEqual(new Set(HOSTS));
    expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(asked.length);
  });

  it('leaves hosts that fail alone with half of them', () => {
    const hosts = draw(0)
      .filter(isInference)
      .map(({ host }) => host);
    expect(new Set(hosts)).toEqual(new Set(STEADY_HOSTS));
  });
});
