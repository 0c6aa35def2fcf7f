import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { cssVariablesResolver, theme } from '../ui/theme';
import { queryClient, router } from './router';

// Nothing is announced before the first page stands; what is, waits for this to arrive.
const Notifications = lazy(() => import('../ui/Notices').then((part) => ({ default: part.Notices })));

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Suspense>
        <Notifications />
      </Suspense>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
