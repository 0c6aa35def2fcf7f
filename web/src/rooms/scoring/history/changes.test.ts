import { describe, expect, it } from 'vitest';
import { changesOf, wordsOf } from './changes';

const revision = (id: string, value: string | null, comment = '', criterionId = 'voice') => ({
  id, seatId: 's', seatLabel: 'J1', criterionId, criterionName: 'Voice', part: '', value, comment,
  revision: 1, userId: null, userName: 'Ana', markedAt: null, createdAt: '2027-05-01T10:00:00Z',
});

describe('history of marks', () => {
  it('tells each change from what to what, newest first', () => {
    const told = changesOf([revision('1', '7'), revision('2', '7.5'), revision('3', null)]).map(wordsOf);
    expect(told).toEqual(['took 7.5 back', '7 → 7.5', 'gave 7']);
  });

  it('keeps marks of different criteria apart', () => {
    expect(changesOf([revision('1', '7'), revision('2', '8', '', 'stage')]).map(wordsOf)).toEqual(['gave 8', 'gave 7']);
  });

  it('says when only the comment changed', () => {
    expect(changesOf([revision('1', '7'), revision('2', '7', 'flat')]).map(wordsOf)).toEqual(['comment changed', 'gave 7']);
  });
});
