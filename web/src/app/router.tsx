import { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { basePath } from '../lib/base';
import { Problem } from '../api/problem';
import { ErrorPage } from '../ui/ErrorView';
import { PageLoading } from '../ui/states';
import { routeTree } from './route-tree.gen';

/** A refusal stays a refusal: only a missing or failing server is worth asking again. */
const worthRetry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof Problem && error.status < 500);

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: worthRetry, staleTime: 15_000 }, mutations: { retry: false } },
});

export const router = createRouter({
  routeTree,
  basepath: basePath || '/',
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: ({ error, reset }) => <ErrorPage error={error} retry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
