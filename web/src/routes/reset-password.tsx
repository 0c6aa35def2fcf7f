import { createFileRoute, useLocation } from '@tanstack/react-router';
import { ResetPasswordPage } from '../rooms/identity/ResetPasswordPage';

export const Route = createFileRoute('/reset-password')({ component: Reset });

function Reset() {
  return <ResetPasswordPage token={useLocation({ select: ({ hash }) => hash })} />;
}
