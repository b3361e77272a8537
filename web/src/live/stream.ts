/** `live`: events arrive. `connecting`: trying. `offline`: the browser has no network. */
export type LiveStatus = 'connecting' | 'live' | 'offline';

interface LiveStreamOptions {
  url: string;
  types: string[];
  onEvent: (data: string) => void;
  /** The stream started anew without knowing what came before: everything may have changed. */
  onGap: () => void;
  onStatus: (status: LiveStatus) => void;
  /** Runs before a new stream is opened after one was refused. */
  renew: () => Promise<void>;
}

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
/** A tab in the background gives its connection back: browsers allow only six to one server over HTTP/1.1. */
const HIDDEN_AFTER = 60_000;

/** The pause before try number `failures`, doubling, with up to half of it random so that browsers do not return all at once. */
export function backoff(failures: number, random: number): number {
  const whole = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
  return whole / 2 + (whole / 2) * random;
}

/** Keeps one EventSource open until the answer is called. */
export function createLiveStream(options: LiveStreamOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let opened = false;

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };

  const open = () => {
    close();
    if (!navigator.onLine) {
      options.onStatus('offline');
      return;
    }
    options.onStatus('connecting');
    const stream = new EventSource(options.url);
    source = stream;
    stream.onopen = () => {
      failures = 0;
      options.onStatus('live');
      if (opened) options.onGap();
      opened = true;
    };
    stream.onerror = () => {
      options.onStatus(navigator.onLine ? 'connecting' : 'offline');
      // While it is CONNECTING the browser itself tries again, with Last-Event-ID.
      if (stream.readyState !== EventSource.CLOSED) return;
      close();
      timer = setTimeout(() => void options.renew().then(open), backoff(failures, Math.random()));
      failures += 1;
    };
    for (const type of options.types) {
      stream.addEventListener(type, (event: MessageEvent<string>) => options.onEvent(event.data));
    }
  };

  const onOnline = () => {
    failures = 0;
    open();
  };
  const onOffline = () => {
    close();
    options.onStatus('offline');
  };
  const onVisibility = () => {
    if (document.hidden) {
      clearTimeout(timer);
      timer = setTimeout(close, HIDDEN_AFTER);
    } else if (source) {
      clearTimeout(timer);
    } else {
      open();
    }
  };

  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisibility);
  open();

  return () => {
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
