import { expect, it } from 'vitest';
import { requests } from '../../electron/contract/api.ts';
import { changesNames } from '../../electron/service/app/create.ts';

it('Whoever only looks never waits until all faces are read: that is for what changes who is who.', () => {
  expect(Object.keys(requests).filter(changesNames).toSorted()).toEqual([
    'faces.confirm',
    'faces.draw',
    'faces.mark',
    'faces.refuse',
    'groups.hide',
    'groups.mark',
    'groups.merge',
    'groups.move',
    'groups.regroup',
    'journal.redo',
    'journal.takeBack',
    'journal.undo',
    'name',
    'people.birth',
    'people.cover',
    'people.hide',
    'people.merge',
    'people.remove',
    'people.rename',
    'people.split',
    'photos.several',
    'review.answer',
    'settings.set',
  ]);
});
