import { createFileRoute } from '@tanstack/react-router';
import { NotificationsPage } from '../../rooms/notifications/NotificationsPage';

export const Route = createFileRoute('/_app/notifications')({ component: Notifications });

function Notifications() {
  const navigate = Route.useNavigate();
  return <NotificationsPage onOpen={(link) => void navigate({ href: link })} />;
}
