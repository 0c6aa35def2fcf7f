/**
 * A queue of typed values on their way to the server.
 *
 * Every value put in is kept (in the given storage too, so a reload or a dead battery loses nothing) until the
 * server has answered for it. Each change carries an id of its own: a batch without an answer is sent again with the same ids, so
 * the server can tell a repeat from a new value and nothing counts twice. One request is under way at a time; a newer
 * value for the same key waits for its own turn and replaces an older one that has not left yet.
 */

export type Status = 'saving' | 'saved' | 'waiting' | 'refused';
export type Change<Value> = Readonly<{ id: string; key: string; value: Value }>;
/** What the server said of one change. "again": it did not look at it, because of others in the batch. */
export type Verdict = 'saved' | 'again' | Readonly<{ refused: string }>;
export type Entry<Value> = Readonly<{ value: Value; status: Status; reason: string | null }>;
export type Snapshot<Value> = Readonly<{ entries: ReadonlyMap<string, Entry<Value>>; overall: Status }>;

export type Options<Value> = Readonly<{
  /** Rejects when there was no answer (to be tried again); else resolves with a verdict for each change, by its id. */
  send: (changes: readonly Change<Value>[]) => Promise<ReadonlyMap<string, Verdict>>;
  /** Milliseconds to wait before try number n (1, 2, ...) of the same batch. */
  delay: (attempt: number) => number;
  newId: () => string;
  store?: Readonly<{ load: () => readonly Change<Value>[]; save: (pending: readonly Change<Value>[]) => void }>;
}>;

export class Autosave<Value> {
  #entries = new Map<string, Entry<Value>>();
  #queued = new Map<string, Change<Value>>();
  #batch: readonly Change<Value>[] | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #listeners = new Set<() => void>();
  #snapshot: Snapshot<Value> = { entries: this.#entries, overall: 'saved' };

  constructor(private readonly options: Options<Value>) {
    for (const change of options.store?.load() ?? []) this.#enqueue(change);
    this.#changed();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#pump();
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot<Value> => this.#snapshot;

  put(key: string, value: Value): void {
    this.#enqueue({ id: this.options.newId(), key, value });
    this.#changed();
    this.#pump();
  }

  /** Try at once, for example when the browser says that the network is back. */
  retryNow(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    void this.#deliver();
  }

  #enqueue(change: Change<Value>): void {
    this.#queued.set(change.key, change);
    this.#entries.set(change.key, { value: change.value, status: this.#timer === null ? 'saving' : 'waiting', reason: null });
  }

  #pump(): void {
    if (this.#batch !== null || this.#queued.size === 0) return;
    this.#batch = [...this.#queued.values()];
    this.#queued.clear();
    this.#attempt = 0;
    void this.#deliver();
  }

  async #deliver(): Promise<void> {
    const batch = this.#batch;
    if (batch === null) return;
    this.#attempt += 1;
    try {
      const verdicts = await this.options.send(batch);
      this.#batch = null;
      this.#settle(batch, verdicts);
    } catch {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        void this.#deliver();
      }, this.options.delay(this.#attempt));
      this.#mark('waiting');
    }
    this.#changed();
    this.#pump();
  }

  #settle(batch: readonly Change<Value>[], verdicts: ReadonlyMap<string, Verdict>): void {
    for (const change of batch) {
      if (this.#queued.has(change.key)) continue;
      const verdict = verdicts.get(change.id) ?? 'saved';
      if (verdict === 'again') this.#queued.set(change.key, change);
      else if (verdict === 'saved') this.#entries.set(change.key, { value: change.value, status: 'saved', reason: null });
      else this.#entries.set(change.key, { value: change.value, status: 'refused', reason: verdict.refused });
    }
    for (const key of this.#queued.keys()) this.#restate(key, 'saving');
  }

  #mark(status: Status): void {
    for (const { key } of this.#pending()) this.#restate(key, status);
  }

  #restate(key: string, status: Status): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#entries.set(key, { ...entry, status, reason: null });
  }

  #pending(): readonly Change<Value>[] {
    const newest = new Map((this.#batch ?? []).map((change) => [change.key, change]));
    for (const [key, change] of this.#queued) newest.set(key, change);
    return [...newest.values()];
  }

  #changed(): void {
    this.options.store?.save(this.#pending());
    const statuses = new Set([...this.#entries.values()].map((entry) => entry.status));
    const overall = (['refused', 'waiting', 'saving'] as const).find((status) => statuses.has(status)) ?? 'saved';
    this.#snapshot = { entries: new Map(this.#entries), overall };
    for (const listener of this.#listeners) listener();
  }
}
