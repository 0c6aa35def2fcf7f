import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import { PAGE_LIMIT, everyPage } from '../../api/pages';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Member = Schemas['MemberView'];
export type Invitation = Schemas['InvitationView'];
export type ApiKeyNew = Schemas['ApiKeyCreate'];
type Grants = Schemas['RoleHeld'][];

const cursorOf = { initialPageParam: null as string | null, getNextPageParam: (page: { nextCursor?: string | null }) => page.nextCursor ?? null };

export const membersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['members', q],
    queryFn: ({ pageParam }) => take(api.GET('/api/identity/members', { params: { query: { cursor: pageParam, q: q === '' ? null : q } } })),
    ...cursorOf,
  });

/** Everybody, for choosing a person; only those who can act. */
export const peopleQuery = queryOptions({
  queryKey: ['members', 'people'],
  queryFn: async () => {
    const all = await everyPage((cursor) => take(api.GET('/api/identity/members', { params: { query: { cursor, limit: PAGE_LIMIT } } })));
    return all.filter((member) => member.status === 'active').map(({ userId, name }) => ({ id: userId, name }));
  },
});

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['invitations'],
  queryFn: ({ pageParam }) => take(api.GET('/api/identity/invitations', { params: { query: { cursor: pageParam } } })),
  ...cursorOf,
});

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ pageParam }) => take(api.GET('/api/identity/api-keys', { params: { query: { cursor: pageParam } } })),
  ...cursorOf,
});

function useChange<Input, Output>(key: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => void client.invalidateQueries({ queryKey: [key] }) });
}

export const useInvite = () =>
  useChange('invitations', (body: { emails: string[]; roles: Grants }) => take(api.POST('/api/identity/invitations', { body })));

export const useResendInvitation = () =>
  useChange('invitations', (id: string) => take(api.POST('/api/identity/invitations/{invitation_id}/resend', { params: { path: { invitation_id: id } } })));

export const useRevokeInvitation = () =>
  useChange('invitations', (id: string) => done(api.DELETE('/api/identity/invitations/{invitation_id}', { params: { path: { invitation_id: id } } })));

export const useUpdateMember = () =>
  useChange('members', ({ id, version, ...body }: { id: string; version: number; roles?: Grants; status?: 'active' | 'suspended' }) =>
    take(api.PATCH('/api/identity/members/{user_id}', { params: { path: { user_id: id } }, headers: { 'If-Match': `"${version}"` }, body })),
  );

export const useRemoveMember = () =>
  useChange('members', (id: string) => done(api.DELETE('/api/identity/members/{user_id}', { params: { path: { user_id: id } } })));

export const useCreateApiKey = () => useChange('api-keys', (body: ApiKeyNew) => take(api.POST('/api/identity/api-keys', { body })));

export const useRevokeApiKey = () =>
  useChange('api-keys', (id: string) => done(api.DELETE('/api/identity/api-keys/{key_id}', { params: { path: { key_id: id } } })));
