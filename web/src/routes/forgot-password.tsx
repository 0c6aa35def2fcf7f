import { createFileRoute } from '@tanstack/react-router';
import { ForgotPasswordPage } from '../rooms/identity/ForgotPasswordPage';

export const Route = createFileRoute('/forgot-password')({ component: ForgotPasswordPage });
