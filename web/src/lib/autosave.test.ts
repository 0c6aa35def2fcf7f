import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type Batch, type Change, type Outcome } from './autosave';

type Answer = (outcomes: readonly Outcome[] | Error) => void;

/** A server whose answers the test gives by hand. */
function server() {
  const sent: Batch<string>[] = [];
  const answers: Answer[] = [];
  const send = (batch: Batch<string>) => {
    sent.push(batch);
    return new Promise<readonly Outcome[]>((resolve, reject) => {
      answers.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  };
  const answer = async (outcome: readonly Outcome[] | Error) => {
    answers.shift()?.(outcome);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sent, send, answer };
}

function queue(send: (batch: Batch<string>) => Promise<readonly Outcome[]>, kept: Change<string>[] = []) {
  let key = 0;
  const disk = { kept };
  const autosave = new Autosave<string>({
    send,
    delay: (attempt) => attempt * 1000,
    newKey: () => `key-${(key += 1)}`,
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
    await answer([{ key: 'a', reason: null }]);
    expect(status(autosave, 'a')).toBe('saved');
  });

  it('sends a batch without answer again under the same key', async () => {
    const { sent, send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    await answer(new Error('no network'));
    expect(status(autosave, 'a')).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([sent[0], sent[0]]);
  });

  it('sends only the newest of several values typed meanwhile', async () => {
    const { sent, send, answer } = server();
    const { autosave } = queue(send);
    for (const value of ['7', '8', '9']) autosave.put('a', value);
    await answer([{ key: 'a', reason: null }]);
    expect(sent.map((batch) => batch.changes)).toEqual([[{ key: 'a', value: '7' }], [{ key: 'a', value: '9' }]]);
  });

  it('does not call a newer value saved when the older one was', async () => {
    const { send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    autosave.put('a', '8');
    await answer([{ key: 'a', reason: null }]);
    expect(autosave.snapshot().entries.get('a')).toEqual({ value: '8', status: 'saving', reason: null });
  });

  it('gives the reason of a refusal and goes on with the rest', async () => {
    const { send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '11');
    autosave.put('b', '5');
    await answer([{ key: 'a', reason: 'Give a mark from 0 to 10.' }]);
    await answer([{ key: 'b', reason: null }]);
    expect([status(autosave, 'a'), status(autosave, 'b')]).toEqual(['refused', 'saved']);
  });

  it('keeps what is not answered yet on disk, and nothing else', async () => {
    const { send, answer } = server();
    const { autosave, disk } = queue(send);
    autosave.put('a', '7');
    autosave.put('b', '8');
    expect(disk.kept.map((change) => change.key)).toEqual(['a', 'b']);
    await answer([{ key: 'a', reason: null }]);
    await answer([{ key: 'b', reason: null }]);
    expect(disk.kept).toEqual([]);
  });

  it('sends what an earlier page left on disk', () => {
    const { sent, send } = server();
    const { autosave } = queue(send, [{ key: 'a', value: '7' }]);
    autosave.subscribe(() => undefined);
    expect(sent.map((batch) => batch.changes)).toEqual([[{ key: 'a', value: '7' }]]);
  });

  it('tries at once when told that the network is back', async () => {
    const { sent, send, answer } = server();
    const { autosave } = queue(send);
    autosave.put('a', '7');
    await answer(new Error('no network'));
    autosave.retryNow();
    expect(sent).toHaveLength(2);
  });
});
