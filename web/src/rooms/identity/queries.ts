import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Me = Schemas['Me'];
export type TenantChoice = Schemas['TenantChoice'];
export type Session = Schemas['SessionView'];
export type ApiKey = Schemas['ApiKeyView'];
export type Role = Schemas['RoleHeld']['role'];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => take(api.GET('/api/identity/me')),
  staleTime: 60_000,
});

/** Whether some role held here gives the permission; the server decides for each thing anew. */
export const may = (me: Me, permission: string): boolean => me.permissions.includes(permission);

export const useSignIn = () =>
  useMutation({
    mutationFn: (body: { email: string; password: string }) => take(api.POST('/api/identity/sign-in', { body: { ...body, cookie: true } })),
  });

export type SecondStep = Readonly<{ kind: 'app' | 'recovery'; code: string }>;

export const useSecondFactor = () =>
  useMutation({
    mutationFn: ({ kind, code }: SecondStep) => {
      const body = { code, cookie: true };
      return take(kind === 'app' ? api.POST('/api/identity/sign-in/totp', { body }) : api.POST('/api/identity/sign-in/recovery-code', { body }));
    },
  });

export const useSignOut = () => useMutation({ mutationFn: () => done(api.POST('/api/identity/sign-out')) });

export const useSwitchTenant = () =>
  useMutation({ mutationFn: (tenant: string) => done(api.POST('/api/identity/tenant', { body: { tenant } })) });

export const useForgotPassword = () =>
  useMutation({ mutationFn: (email: string) => done(api.POST('/api/identity/password/forgot', { body: { email } })) });

export const useResetPassword = () =>
  useMutation({
    mutationFn: (body: { token: string; newPassword: string }) => done(api.POST('/api/identity/password/reset', { body })),
  });

export const useChangePassword = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { password: string; newPassword: string }) => done(api.POST('/api/identity/password', { body })),
    onSuccess: () => void client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
};

export const useRename = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => take(api.PATCH('/api/identity/me', { body: { name } })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
};

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => take(api.GET('/api/identity/sessions')),
});

/** Ends one session, or with null all but this one. */
export const useEndSession = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) =>
      done(id === null ? api.DELETE('/api/identity/sessions') : api.DELETE('/api/identity/sessions/{session_id}', { params: { path: { session_id: id } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
};
