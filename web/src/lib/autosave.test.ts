import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type Change, type Verdict } from './autosave';

type Sent = readonly Change<string>[];

/** A server whose answers the test gives by hand: a verdict per value sent, or no answer at all. */
function server() {
  const sent: Sent[] = [];
  const waiting: Array<(verdict: (change: Change<string>) => Verdict) => void> = [];
  const losing: Array<() => void> = [];
  const send = (changes: Sent) => {
    sent.push(changes);
    return new Promise<ReadonlyMap<string, Verdict>>((resolve, reject) => {
      waiting.push((verdict) => resolve(new Map(changes.map((change) => [change.id, verdict(change)]))));
      losing.push(() => reject(new Error('no network')));
    });
  };
  const answer = async (verdict: (change: Change<string>) => Verdict = () => 'saved') => {
    losing.shift();
    waiting.shift()?.(verdict);
    await vi.advanceTimersByTimeAsync(0);
  };
  const lose = async () => {
    waiting.shift();
    losing.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  const values = () => sent.map((changes) => changes.map(({ key, value }) => `${key}=${value}`));
  return { sent, send, answer, lose, values };
}

function queue(send: (changes: Sent) => Promise<ReadonlyMap<string, Verdict>>, kept: Change<string>[] = []) {
  let id = 0;
  const disk = { kept };
  const autosave = new Autosave<string>({
    send,
    delay: (attempt) => attempt * 1000,
    newId: () => `id-${(id += 1)}`,
    store: { load: () => disk.kept, save: (pending) => void (disk.kept = [...pending]) },
  });
  return { autosave, disk };
}

const status = (autosave: Autosave<string>, key: string) => autosave.snapshot().entries.get(key)?.status;

describe('autosave', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is saved only once the server has said so', async () => {
    const { send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    expect(status(autosave, 'a')).toBe('saving');
    await answer();
    expect(status(autosave, 'a')).toBe('saved');
  });

  it('sends a batch without answer again with the same ids', async () => {
    const { sent, send, lose } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    await lose();
    expect(status(autosave, 'a')).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([sent[0], sent[0]]);
  });

  it('sends only the newest of several values typed meanwhile', async () => {
    const { send, answer, values } = server();
    const { autosave } = queue(send);
    for (const value of ['7', '8', '9']) autosave.put('a', value);
    await answer();
    expect(values()).toEqual([['a=7'], ['a=9']]);
  });

  it('does not call a newer value saved when the older one was', async () => {
    const { send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    autosave.put('a', '8');
    await answer();
    expect(autosave.snapshot().entries.get('a')).toEqual({ value: '8', status: 'saving', reason: null });
  });

  it('gives the reason of a refusal and sends the rest of its batch again', async () => {
    const { send, answer, values } = server();
    const { autosave } = queue(send);
    autosave.put('x', '1');
    autosave.put('a', '11');
    autosave.put('b', '5');
    await answer();
    await answer((change) => (change.key === 'a' ? { refused: 'Give a mark from 0 to 10.' } : 'again'));
    await answer();
    expect(values()).toEqual([['x=1'], ['a=11', 'b=5'], ['b=5']]);
    expect([status(autosave, 'a'), status(autosave, 'b')]).toEqual(['refused', 'saved']);
  });

  it('keeps what is not answered yet on disk, and nothing else', async () => {
    const { send, answer } = server();
    const { autosave, disk } = queue(send);
    autosave.put('a', '7');
    autosave.put('b', '8');
    expect(disk.kept.map((change) => change.key)).toEqual(['a', 'b']);
    await answer();
    await answer();
    expect(disk.kept).toEqual([]);
  });

  it('sends what an earlier page left on disk under its old id', () => {
    const { sent, send } = server();
    const { autosave } = queue(send, [{ id: 'old', key: 'a', value: '7' }]);
    autosave.subscribe(() => undefined);
    expect(sent).toEqual([[{ id: 'old', key: 'a', value: '7' }]]);
  });

  it('tries at once when told that the network is back', async () => {
    const { sent, send, lose } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    await lose();
    autosave.retryNow();
    expect(sent).toHaveLength(2);
  });
});
