import '@fontsource-variable/inter/standard.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeToken } from './api/identity';
import { App } from './app';

takeToken();
addEventListener('hashchange', (event) => {
  // Our own announcement that the address is clean again is no new token.
  if (event.isTrusted) takeToken();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
