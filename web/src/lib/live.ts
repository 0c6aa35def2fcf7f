import { useEffect, useRef, useState } from 'react';

export type LiveState = 'connecting' | 'live' | 'lost';

/**
 * Listens to a stream of server-sent events and calls back on each named one with its data; without an address it
 * listens to nothing. The browser reconnects by itself after a break; after one that it gives up on (a refusal), a
 * slow retry of our own goes on. On every reconnect `onMessage` is called with null, because messages may have been missed.
 */
export function useLive(url: string | null, names: readonly string[], onMessage: (data: string | null) => void): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const callback = useRef(onMessage);
  useEffect(() => {
    callback.current = onMessage;
  });
  const events = names.join(' ');
  useEffect(() => {
    if (url === null) return undefined;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let dropped = false;
    const hear = (message: MessageEvent<string>) => callback.current(message.data);
    const open = () => {
      source = new EventSource(url);
      source.addEventListener('open', () => {
        setState('live');
        if (dropped) callback.current(null);
      });
      source.addEventListener('error', () => {
        dropped = true;
        setState('lost');
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, 5000);
      });
      for (const name of events.split(' ')) source.addEventListener(name, hear);
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [url, events]);
  return state;
}
