/// <reference types="vite/client" />

declare module '@fontsource-variable/geist';

import 'react';

declare module 'react' {
  interface CSSProperties {
    [custom: `--${string}`]: string | number | undefined;
  }
}
