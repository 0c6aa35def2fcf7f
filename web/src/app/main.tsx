import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '../ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html has no element "root".');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
