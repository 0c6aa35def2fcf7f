import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Tenant = Schemas['TenantView'];

export const tenantQuery = queryOptions({
  queryKey: ['tenant'],
  queryFn: () => take(api.GET('/api/tenants/current')),
});

export function useUpdateTenant({ version }: Tenant) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['TenantUpdate']) => take(api.PATCH('/api/tenants/current', { headers: { 'If-Match': `"${version}"` }, body })),
    onSuccess: (tenant) => {
      client.setQueryData(tenantQuery.queryKey, tenant);
      // The name stands in the frame of every page.
      void client.invalidateQueries({ queryKey: ['me'] });
    },
  });
}
