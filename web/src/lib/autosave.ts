/**
 * A queue of typed values on their way to the server.
 *
 * Every value put in is kept (in the given storage too, so a reload or a dead battery loses nothing) until the
 * server has answered for it. One request is under way at a time; a batch that got no answer is sent again,
 * unchanged and under the same idempotency key, so it can never count twice. A newer value for the same key
 * waits for its own turn and replaces an older one that has not left yet.
 */

export type Status = 'saving' | 'saved' | 'waiting' | 'refused';
export type Change<Value> = Readonly<{ key: string; value: Value }>;
export type Batch<Value> = Readonly<{ idempotencyKey: string; changes: readonly Change<Value>[] }>;
/** What the server said of one change; no reason means it is saved. */
export type Outcome = Readonly<{ key: string; reason: string | null }>;
export type Entry<Value> = Readonly<{ value: Value; status: Status; reason: string | null }>;
export type Snapshot<Value> = Readonly<{ entries: ReadonlyMap<string, Entry<Value>>; overall: Status }>;

export type Options<Value> = Readonly<{
  /** Rejects when there was no answer (to be tried again); resolves with an outcome per change otherwise. */
  send: (batch: Batch<Value>) => Promise<readonly Outcome[]>;
  /** Milliseconds to wait before try number n (1, 2, ...) of the same batch. */
  delay: (attempt: number) => number;
  newKey: () => string;
  store?: Readonly<{ load: () => readonly Change<Value>[]; save: (pending: readonly Change<Value>[]) => void }>;
}>;

export class Autosave<Value> {
  #entries = new Map<string, Entry<Value>>();
  #queued = new Map<string, Value>();
  #batch: Batch<Value> | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #listeners = new Set<() => void>();
  #snapshot: Snapshot<Value> = { entries: this.#entries, overall: 'saved' };

  constructor(private readonly options: Options<Value>) {
    for (const change of options.store?.load() ?? []) this.#enqueue(change.key, change.value);
    this.#changed();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#pump();
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot<Value> => this.#snapshot;

  put(key: string, value: Value): void {
    this.#enqueue(key, value);
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

  #enqueue(key: string, value: Value): void {
    this.#queued.set(key, value);
    this.#entries.set(key, { value, status: this.#timer === null ? 'saving' : 'waiting', reason: null });
  }

  #pump(): void {
    if (this.#batch !== null || this.#queued.size === 0) return;
    const changes = [...this.#queued].map(([key, value]) => ({ key, value }));
    this.#queued.clear();
    this.#batch = { idempotencyKey: this.options.newKey(), changes };
    this.#attempt = 0;
    void this.#deliver();
  }

  async #deliver(): Promise<void> {
    const batch = this.#batch;
    if (batch === null) return;
    this.#attempt += 1;
    try {
      const outcomes = await this.options.send(batch);
      this.#batch = null;
      this.#settle(batch, new Map(outcomes.map((outcome) => [outcome.key, outcome.reason])));
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

  #settle(batch: Batch<Value>, reasons: ReadonlyMap<string, string | null>): void {
    for (const { key, value } of batch.changes) {
      if (this.#queued.has(key)) continue;
      const reason = reasons.get(key) ?? null;
      this.#entries.set(key, { value, status: reason === null ? 'saved' : 'refused', reason });
    }
    for (const key of this.#queued.keys()) this.#restate(key, 'saving');
  }

  #mark(status: Status): void {
    for (const { key } of this.#batch?.changes ?? []) this.#restate(key, status);
    for (const key of this.#queued.keys()) this.#restate(key, status);
  }

  #restate(key: string, status: Status): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#entries.set(key, { ...entry, status, reason: null });
  }

  #pending(): Change<Value>[] {
    const all = new Map((this.#batch?.changes ?? []).map((change) => [change.key, change.value]));
    for (const [key, value] of this.#queued) all.set(key, value);
    return [...all].map(([key, value]) => ({ key, value }));
  }

  #changed(): void {
    this.options.store?.save(this.#pending());
    const statuses = new Set([...this.#entries.values()].map((entry) => entry.status));
    const overall = (['refused', 'waiting', 'saving'] as const).find((status) => statuses.has(status)) ?? 'saved';
    this.#snapshot = { entries: new Map(this.#entries), overall };
    for (const listener of this.#listeners) listener();
  }
}
