import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { Suspense, lazy, type ComponentType } from 'react';
import { Problem } from '../api/problem';
import { MainMenu } from '../rooms/identity/MainMenu';
import { meQuery, useSignOut, useSwitchTenant } from '../rooms/identity/queries';
import { basePath } from '../lib/base';
import { Shell } from '../ui/Shell';
import { notifyFailed } from '../ui/notify';

// Menus bring the machinery of floating layers; no page has to wait for that.
const AccountMenu = lazy(() => import('../rooms/identity/AccountMenu').then((part) => ({ default: part.AccountMenu })));
// Without a network the page goes on without its bell.
const Bell = lazy<ComponentType>(() => import('../rooms/notifications/Bell').then((part) => ({ default: part.Bell }), () => ({ default: () => null })));
const TenantSwitcher = lazy(() => import('../rooms/identity/TenantSwitcher').then((part) => ({ default: part.TenantSwitcher })));

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof Problem && error.status === 401) throw redirect({ to: '/sign-in', search: { next: location.href } });
      throw error;
    }
  },
  component: SignedIn,
});

/** Everything behind the sign-in. */
function SignedIn() {
  const { data: me } = useSuspenseQuery(meQuery);
  const client = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  const switchTenant = useSwitchTenant();
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        client.clear();
        void router.navigate({ to: '/sign-in' });
      },
      onError: notifyFailed,
    });
  const change = (id: string) =>
    switchTenant.mutate(id, {
      onSuccess: () => {
        const chosen = me.tenants.find((tenant) => tenant.id === id);
        // Below /t/SLUG the address names the organisation, so another one is another address.
        if (basePath !== '' && chosen !== undefined) return window.location.assign(`/t/${chosen.slug}/`);
        client.clear();
        void router.navigate({ to: '/' }).then(() => router.invalidate());
      },
      onError: notifyFailed,
    });
  return (
    <Shell
      name={me.tenant?.name ?? 'Event Manager'}
      menu={(close) => <MainMenu me={me} onFollow={close} />}
      tenant={me.tenants.length > 1 && <Suspense><TenantSwitcher here={me.tenant} tenants={me.tenants} onSwitch={change} /></Suspense>}
      bell={me.tenant !== null && <Suspense fallback={<div style={{ width: 36, height: 36 }} />}><Bell /></Suspense>}
      account={<Suspense fallback={<div style={{ width: 36, height: 36 }} />}><AccountMenu me={me} onSignOut={leave} /></Suspense>}
    >
      <Outlet />
    </Shell>
  );
}
