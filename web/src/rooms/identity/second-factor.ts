import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import { meQuery } from './queries';

/** Setting up and taking away the authenticator app. Secrets pass through and are kept nowhere. */

export const useEnrol = () =>
  useMutation({ mutationFn: (password: string) => take(api.POST('/api/identity/totp', { body: { password } })), gcTime: 0 });

export const useConfirm = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => take(api.POST('/api/identity/totp/confirm', { body: { code } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
    gcTime: 0,
  });
};

export const useDisable = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (password: string) => done(api.POST('/api/identity/totp/disable', { body: { password } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
};

export const useRenewCodes = () =>
  useMutation({ mutationFn: (password: string) => take(api.POST('/api/identity/recovery-codes', { body: { password } })), gcTime: 0 });
