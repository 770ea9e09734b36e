import { describe, expect, it } from 'vitest';
import { keepScrollPosition, layOut, pickInView, toScrollTop } from '../../../ui/picker/lay-out.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

const HEIGHTS = { header: 20, option: 30, notices: new Map([['notice lab', 50]]) };
const layOutOf = (catalog: object) => layOut(toSections(catalog as any, NOW), HEIGHTS);

const many = (count: number, favorites: number[] = []) => {
  const models = Array.from({ length: count }, (_, index) => modelOf(`desk/m${index}`));
  return catalogOf({
    favorites: favorites.map((index) => models[index]),
    providers: [groupOf('desk', { models })],
  });
};

describe('layOut and pickInView', () => {
  it('place every row under its header, with the height of each notice', () => {
    const { sections, height } = layOutOf(catalogWithoutLab());
    expect(sections.map(({ top, height: own }) => [top, own])).toEqual([
      [0, 70],
      [70, 80],
      [150, 50],
    ]);
    expect(height).toBe(200);
  });

  it('show of 2,000 rows those near the view, and the active one', () => {
    const layout = layOutOf(many(2000));
    const at = { view: { top: 30_000, height: 300 }, margin: 60, always: 'desk desk/m0' };
    const rows = pickInView(layout, at).flatMap((section) => section.rows);
    expect(rows).toHaveLength(16);
    expect(rows[0]?.row.key).toBe('desk desk/m0');
    expect(rows.slice(1).every(({ top }) => top > 29_900 && top < 30_400)).toBe(true);
  });

  it('show no section outside of the view', () => {
    const at = { view: { top: 0, height: 20 }, margin: 0, always: null };
    expect(pickInView(layOutOf(catalogOf()), at)).toHaveLength(1);
  });
});

describe('toScrollTop scrolls a row into view', () => {
  const view = { top: 300, height: 200 };
  it.each([
    ['not at all when it is in view', 350, 300],
    ['from above, to below the header', 100, 80],
    ['when the header covers it', 310, 290],
    ['from below, to the lower edge', 600, 430],
    ['at the top, with its header', 20, 0],
  ])('%s', (_name, top, expected) => {
    expect(toScrollTop({ top, height: 30 }, { view, header: 20 })).toBe(expected);
  });
});

describe('keepPlace keeps the rows in view in place', () => {
  const before = layOutOf(many(100));
  const view = { top: 600, height: 300 };

  it('when a first favorite with its header is inserted above', () => {
    const after = layOutOf(many(100, [50]));
    expect(keepScrollPosition({ before, after }, { view, anchor: null })).toBe(650);
  });

  it('when a row above is removed, by the anchor row', () => {
    const after = layOutOf(catalogOf({ favorites: [], providers: [without(0)] }));
    expect(keepScrollPosition({ before, after }, { view, anchor: 'desk desk/m25' })).toBe(570);
  });

  it('when the anchor row is gone or out of view, by the other rows', () => {
    const after = layOutOf(catalogOf({ favorites: [], providers: [without(25)] }));
    expect(keepScrollPosition({ before, after }, { view, anchor: 'desk desk/m25' })).toBe(600);
    expect(keepScrollPosition({ before, after }, { view, anchor: 'desk desk/m99' })).toBe(600);
  });

  it('and does not scroll when no row is left', () => {
    const after = layOutOf(catalogOf({ favorites: [], providers: [] }));
    expect(keepScrollPosition({ before, after }, { view, anchor: null })).toBe(600);
  });
});

function without(index: number) {
  const [desk] = many(100).providers;
  return { ...desk, models: desk?.models.filter(({ model }) => model !== `m${index}`) };
}
