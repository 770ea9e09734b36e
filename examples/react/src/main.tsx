import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const gateway = new URLSearchParams(location.search).get('gateway') ?? 'http://127.0.0.1:8400';

createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <App gateway={gateway} />
  </StrictMode>,
);
