import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { basePath } from '../lib/base';
import { Problem } from '../api/problem';
import { ErrorPage } from '../ui/ErrorView';
import { PageLoading } from '../ui/states';
import { routeTree } from './route-tree.gen';

/** A refusal stays a refusal: only a missing or failing server is worth asking again. */
const worthRetry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof Problem && error.status < 500);

/** A session that ended under an open page leads to the sign-in and back; typed marks wait in this browser. */
function onError(error: Error) {
  const { pathname, href } = router.state.location;
  const frontDoor = /^\/(sign-in|invitation|reset-password|forgot-password)/.test(pathname);
  if (!(error instanceof Problem) || error.code !== 'unauthenticated' || frontDoor) return;
  queryClient.removeQueries({ queryKey: ['me'] });
  void router.navigate({ to: '/sign-in', search: { next: href } });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
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
