import { createFileRoute, useLocation } from '@tanstack/react-router';
import { InvitationPage } from '../rooms/identity/InvitationPage';

export const Route = createFileRoute('/invitation')({ component: Invitation });

function Invitation() {
  const token = useLocation({ select: ({ hash }) => hash });
  const navigate = Route.useNavigate();
  return <InvitationPage token={token} onJoined={() => void navigate({ to: '/', replace: true })} />;
}
