import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { ApiKeysPage } from '../../rooms/identity/ApiKeysPage';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/account/keys')({ component: Keys });

function Keys() {
  return <ApiKeysPage allowed={may(useSuspenseQuery(meQuery).data, 'api_keys:manage')} />;
}
